using System.Collections.Immutable;
using System.Text;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads business key and search attributes; both when a saga starts and when one is looked for.</summary>
internal static class SearchValues
{
    /// <summary>The business key; null when none is given.</summary>
    public static string? Key(string? text, List<ProblemItem> problems)
    {
        if (text is null) return null;
        if (Wrong(text, ServiceLimits.BusinessKeyLength) is { } wrong)
            problems.Add(new ProblemItem(null, "key", $"The key {wrong}"));
        return text;
    }

    /// <summary>The search attributes.</summary>
    public static ImmutableSortedDictionary<string, string> Tags(
        IEnumerable<KeyValuePair<string, string>> pairs, List<ProblemItem> problems)
    {
        var tags = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, pairs);
        if (tags.Count > ServiceLimits.Tags)
            problems.Add(new ProblemItem(null, "tag", $"More than {ServiceLimits.Tags} tags. Give fewer."));
        foreach (var (name, value) in tags)
        {
            if (!IsName(name)) problems.Add(NotAName(name));
            else if (Wrong(value, ServiceLimits.TagValueLength) is { } wrong)
                problems.Add(new ProblemItem(null, $"tag.{name}", $"The value of tag.{name} {wrong}"));
        }

        return tags;
    }

    private static ProblemItem NotAName(string name) => new(
        null,
        $"tag.{(name.Length > 100 ? name[..100] + "..." : name)}",
        $"The name of a tag has 1 to {ServiceLimits.TagNameLength} letters, digits, \".\", \"-\" or \"_\".");

    private static string? Wrong(string value, int longest)
    {
        if (value.Length == 0) return "is empty. Leave the parameter out or give it a value.";
        if (value.Length > longest) return $"is longer than {longest} characters. Shorten it.";
        // Half of a surrogate pair is enumerated as the replacement character.
        return value.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? "has characters that cannot be searched for: control characters or broken UTF-8. Leave them out."
            : null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= ServiceLimits.TagNameLength
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
