using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>
/// Reads a singular query of RFC 9535: <c>$</c>, then any number of <c>.name</c>, <c>['name']</c>, <c>["name"]</c>,
/// <c>[0]</c>, <c>[-1]</c>. One thing is added to the RFC: a name after a dot may contain <c>-</c>.
/// </summary>
internal sealed class QueryParser
{
    private const long LargestIndex = (1L << 53) - 1;

    private readonly string text;
    private readonly ImmutableArray<Selector>.Builder selectors = ImmutableArray.CreateBuilder<Selector>();
    private int at = 1;

    private QueryParser(string text) => this.text = text;

    /// <summary>Null when the text is no singular query; then <paramref name="problem" /> says where and why.</summary>
    public static ImmutableArray<Selector>? Parse(string text, out string? problem)
    {
        if (text.Length > DefinitionLimits.QueryLength)
        {
            problem = $"it is longer than {DefinitionLimits.QueryLength} characters";
            return null;
        }

        var parser = new QueryParser(text);
        problem = parser.ReadSegments();
        return problem is null ? parser.selectors.ToImmutable() : null;
    }

    private string? ReadSegments()
    {
        while (at < text.Length)
        {
            SkipBlanks();
            var problem = Next() switch
            {
                '.' => ReadShorthand(),
                '[' => ReadBracket(),
                null => "it ends with a blank",
                _ => $"character {at + 1} is {Shown()}, expected \".\" or \"[\"",
            };
            if (problem is not null) return problem;
            if (selectors.Count > DefinitionLimits.QuerySelectors)
                return $"it has more than {DefinitionLimits.QuerySelectors} parts";
        }

        return null;
    }

    private string? ReadShorthand()
    {
        var start = ++at;
        while (at < text.Length && IsNameCharacter(text[at])) at++;
        var name = text[start..at];
        if (name.Length == 0)
        {
            return Next() switch
            {
                '.' => "\"..\" finds many values; a query here finds one",
                '*' => "\"*\" finds many values; a query here finds one",
                _ => $"a name is missing after the dot at character {start}",
            };
        }

        if (char.IsAsciiDigit(name[0]) || name[0] == '-')
            return $"the name at character {start + 1} cannot begin with \"{name[0]}\" after a dot; write ['{name}']";
        selectors.Add(new Selector(name, 0));
        return null;
    }

    private string? ReadBracket()
    {
        at++;
        SkipBlanks();
        var problem = Next() switch
        {
            '\'' or '"' => ReadQuoted(text[at]),
            '-' or (>= '0' and <= '9') => ReadIndex(),
            '*' or ':' or '?' => $"{Shown()} at character {at + 1} finds many values; a query here finds one",
            _ => $"character {at + 1} is {Shown()}, expected a quoted name or an index",
        };
        if (problem is not null) return problem;
        SkipBlanks();
        switch (Next())
        {
            case ']':
                at++;
                return null;
            case ',' or ':':
                return $"{Shown()} at character {at + 1} finds many values; a query here finds one";
            default:
                return $"character {at + 1} is {Shown()}, expected \"]\"";
        }
    }

    private string? ReadIndex()
    {
        var start = at;
        if (text[at] == '-') at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        var digits = text.AsSpan(start, at - start);
        var known = long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index);
        var hasLeadingZero = digits is ['0', _, ..] or ['-', '0', ..];
        if (!known || hasLeadingZero || index is > LargestIndex or < -LargestIndex)
            return $"the index \"{digits}\" at character {start + 1} is no whole number without leading zeros";
        selectors.Add(new Selector(null, index));
        return null;
    }

    private string? ReadQuoted(char quote)
    {
        var name = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            var c = text[at];
            if (c == quote)
            {
                at++;
                selectors.Add(new Selector(name.ToString(), 0));
                return null;
            }

            if (c < ' ') return $"character {at + 1} is a control character; write it as an escape";
            if (c != '\\') name.Append(c);
            else if (!ReadEscape(quote, name)) return $"the escape at character {at + 1} is unknown";
        }

        return $"the closing {quote} is missing";
    }

    /// <summary>Stands on the backslash before, on the last character of the escape afterwards.</summary>
    private bool ReadEscape(char quote, StringBuilder name)
    {
        if (at + 1 >= text.Length) return false;
        var c = text[at + 1];
        if (c == 'u') return ReadUnicodeEscape(name);
        var meant = c switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '/' or '\\' => c,
            _ => c == quote ? c : '\0',
        };
        if (meant == '\0') return false;
        name.Append(meant);
        at++;
        return true;
    }

    private bool ReadUnicodeEscape(StringBuilder name)
    {
        if (!TryHex(at + 2, out var first) || char.IsLowSurrogate(first)) return false;
        name.Append(first);
        if (!char.IsHighSurrogate(first))
        {
            at += 5;
            return true;
        }

        var paired = at + 7 < text.Length && text[at + 6] == '\\' && text[at + 7] == 'u';
        if (!paired || !TryHex(at + 8, out var second) || !char.IsLowSurrogate(second)) return false;
        name.Append(second);
        at += 11;
        return true;
    }

    private bool TryHex(int start, out char c)
    {
        c = default;
        if (start + 4 > text.Length) return false;
        var digits = text.AsSpan(start, 4);
        if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return false;
        c = (char)code;
        return true;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') at++;
    }

    private char? Next() => at < text.Length ? text[at] : null;

    private string Shown() => at < text.Length ? $"\"{text[at]}\"" : "the end";

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || c >= 0x80;
}
