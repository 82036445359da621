namespace Orchestrator.Service.Api;

/// <summary>Texts that can be shown and stored anywhere.</summary>
internal static class PrintableText
{
    /// <summary>True when every character is printable ASCII, blanks included.</summary>
    public static bool IsAscii(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
