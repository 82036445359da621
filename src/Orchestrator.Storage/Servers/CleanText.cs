namespace Orchestrator.Storage.Servers;

/// <summary>
/// Text as every server takes it: PostgreSQL keeps no U+0000, and half a surrogate pair is no text anywhere. What
/// cannot be kept becomes U+FFFD; the history has it as it was.
/// </summary>
internal static class CleanText
{
    private const char Instead = '\uFFFD';

    /// <summary>The text itself when nothing is wrong with it.</summary>
    public static string? Of(string? text)
    {
        if (text is null) return null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsGood(text, i)) continue;
            return string.Create(text.Length, text, static (span, from) =>
            {
                for (var at = 0; at < from.Length; at++) span[at] = IsGood(from, at) ? from[at] : Instead;
            });
        }

        return text;
    }

    private static bool IsGood(string text, int index)
    {
        var c = text[index];
        if (c == '\0') return false;
        if (char.IsHighSurrogate(c)) return index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
        return !char.IsLowSurrogate(c) || (index > 0 && char.IsHighSurrogate(text[index - 1]));
    }
}
