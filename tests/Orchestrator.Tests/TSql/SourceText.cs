using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// Finds the SQL in source files, so that none is forgotten: a text that begins as SQL does, its braces standing for
/// whatever was put there.
/// </summary>
internal static partial class SourceText
{
    // Milliseconds; one expression takes microseconds.
    private const int Patience = 10_000;

    /// <summary>The texts of a file, each with the expression that a statement with it matches.</summary>
    public static IEnumerable<(string Text, Regex Pattern)> Statements(string source) =>
        Literals(source).Where(text => Beginning().IsMatch(text)).Select(text => (text, new Regex(
            string.Join(".*", Pieces(text).Select(piece => Regex.Escape(Spaced(piece)))),
            RegexOptions.Singleline | RegexOptions.CultureInvariant,
            TimeSpan.FromMilliseconds(Patience))));

    /// <summary>A text whose runs of blanks and ends of lines are one blank.</summary>
    public static string Spaced(string text) => Blanks().Replace(text, " ");

    /// <summary>The texts between quotes; comments have none of theirs.</summary>
    private static IEnumerable<string> Literals(string source)
    {
        var code = Comments().Replace(source, "");
        for (var at = code.IndexOf('"', StringComparison.Ordinal); at >= 0; at = code.IndexOf('"', at))
        {
            var quotes = Count(code, at);
            if (quotes == 2)
            {
                at += 2;
            }
            else
            {
                var length = quotes >= 3 ? 3 : 1;
                var end = End(code, at + length, length);
                yield return code[(at + length)..end].Replace("\\\"", "\"", StringComparison.Ordinal).Trim();
                at = end + length;
            }

            if (at >= code.Length) yield break;
        }
    }

    private static int Count(string code, int at)
    {
        var count = 0;
        while (at + count < code.Length && code[at + count] == '"') count++;
        return count;
    }

    /// <summary>The quotes that end a text; those within braces belong to an expression.</summary>
    private static int End(string code, int from, int quotes)
    {
        var depth = 0;
        for (var at = from; at < code.Length; at++)
        {
            if (code[at] == '{') depth++;
            if (code[at] == '}') depth--;
            if (code[at] == '\\' && quotes == 1) at++;
            else if (code[at] == '"' && depth <= 0 && Count(code, at) >= quotes) return at;
        }

        return code.Length;
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var (depth, piece) = (0, new StringBuilder());
        foreach (var character in text)
        {
            if (character == '{' && depth++ == 0)
            {
                yield return piece.ToString();
                piece.Clear();
            }

            if (depth == 0) piece.Append(character);
            if (character == '}') depth--;
        }

        yield return piece.ToString();
    }

    [GeneratedRegex(
        "^(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER TABLE|EXEC|DECLARE|IF|SAVE|ROLLBACK|BEGIN|AND) ",
        RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\s+", RegexOptions.None, Patience)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline, Patience)]
    private static partial Regex Comments();
}
