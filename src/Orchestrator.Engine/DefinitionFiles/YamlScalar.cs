using System.Globalization;
using System.Numerics;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>What a plain (unquoted) scalar means: the core schema of YAML 1.2, numbers in JSON's notation.</summary>
internal static class YamlScalar
{
    private const int LongestNumber = 400;

    /// <summary>Null when it is a number that JSON cannot write: infinite or no number.</summary>
    public static DefinitionNode? Read(int line, string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => new NullNode(line),
        "true" or "True" or "TRUE" => new BooleanNode(line, true),
        "false" or "False" or "FALSE" => new BooleanNode(line, false),
        _ when IsNotFinite(text) => null,
        _ => ReadNumber(text) is { } json ? new NumberNode(line, json) : new TextNode(line, text),
    };

    private static bool IsNotFinite(string text)
    {
        if (text is ".nan" or ".NaN" or ".NAN") return true;
        return (text[0] is '+' or '-' ? text[1..] : text) is ".inf" or ".Inf" or ".INF";
    }

    private static string? ReadNumber(string text)
    {
        if (text.Length > LongestNumber) return null;
        return text switch
        {
            ['0', 'o', _, ..] => ReadWhole(text[2..], 8),
            ['0', 'x', _, ..] => ReadWhole(text[2..], 16),
            _ => ReadDecimal(text),
        };
    }

    private static string? ReadWhole(string digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return null;
            value = (value * radix) + digit;
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>JSON knows no plus, no leading zeros, and wants digits on both sides of the dot.</summary>
    private static string? ReadDecimal(ReadOnlySpan<char> rest)
    {
        var isNegative = rest[0] == '-';
        if (rest[0] is '-' or '+') rest = rest[1..];
        var whole = TakeDigits(ref rest);
        ReadOnlySpan<char> fraction = [];
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        if (whole.IsEmpty && fraction.IsEmpty) return null;
        var exponent = rest;
        if (rest is ['e' or 'E', ..])
        {
            rest = rest is [_, '-' or '+', ..] ? rest[2..] : rest[1..];
            if (TakeDigits(ref rest).IsEmpty) return null;
        }

        if (!rest.IsEmpty) return null;
        whole = whole.TrimStart('0');
        if (whole.IsEmpty) whole = "0";
        return $"{(isNegative ? "-" : "")}{whole}{(fraction.IsEmpty ? "" : ".")}{fraction}{exponent}";
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9') is var found and >= 0 ? found : rest.Length;
        var digits = rest[..end];
        rest = rest[end..];
        return digits;
    }
}
