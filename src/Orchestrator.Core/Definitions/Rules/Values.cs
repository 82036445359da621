using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Core.Definitions.Rules;

/// <summary>Reads single values; one of a wrong type is a problem and null. A place that is null stays null.</summary>
internal static class Values
{
    public static string? Text(Place? place, string expected, Findings findings)
    {
        if (place is null) return null;
        if (place.Value is TextNode text) return text.Text;
        var hint = place.Value is NumberNode or BooleanNode ? " Quotes make it a text." : "";
        findings.Add(place, $"Expected {expected}, found {Describe(place.Value)}.{hint}");
        return null;
    }

    public static TimeSpan? Duration(Place? place, Findings findings)
    {
        if (place is null) return null;
        if (place.Value is TextNode text && Durations.TryRead(text.Text, out var duration)) return duration;
        findings.Add(place, $"Expected {Durations.Expected}, found {Describe(place.Value)}.");
        return null;
    }

    public static TimeSpan? Duration(Place? place, TimeSpan longest, Findings findings)
    {
        if (Duration(place, findings) is not { } duration) return null;
        if (duration <= longest) return duration;
        findings.Add(place!, $"{Durations.Write(duration)} is too long: at most {Durations.Write(longest)}.");
        return null;
    }

    public static double? Factor(Place? place, Findings findings)
    {
        if (place is null) return null;
        var number = place.Value is NumberNode node
            ? double.Parse(node.Json, NumberStyles.Float, CultureInfo.InvariantCulture)
            : double.NaN;
        if (number is >= 1 and <= DefinitionLimits.RetryFactor) return number;
        findings.Add(
            place, $"Expected a number from 1 to {DefinitionLimits.RetryFactor}, found {Describe(place.Value)}.");
        return null;
    }

    public static int? Attempts(Place? place, Findings findings)
    {
        if (place is null) return null;
        var digits = (place.Value as NumberNode)?.Json;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= DefinitionLimits.RetryAttempts) return number;
        findings.Add(
            place,
            $"Expected a whole number from 1 to {DefinitionLimits.RetryAttempts}, found {Describe(place.Value)}.");
        return null;
    }

    public static string Describe(DefinitionNode node) => node switch
    {
        TextNode text => $"the text \"{Shorten(text.Text)}\"",
        NumberNode number => $"the number {Shorten(number.Json)}",
        BooleanNode boolean => boolean.Value ? "true" : "false",
        NullNode => "nothing",
        ListNode => "a list",
        ObjectNode => "an object",
        _ => throw new UnreachableException($"A node of type {node.GetType()}."),
    };

    public static string Shorten(string text) => text.Length <= 100 ? text : $"{text[..100]}...";
}
