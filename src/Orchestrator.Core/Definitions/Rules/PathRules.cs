namespace Orchestrator.Core.Definitions.Rules;

/// <summary>Addresses of participants and the paths below them.</summary>
internal static class PathRules
{
    private const string PathExpected = "a path such as /orders/reserve";

    /// <summary>A path below a participant's address, or null and a problem.</summary>
    public static string? ReadPath(Place? place, Findings findings)
    {
        var path = Values.Text(place, PathExpected, findings);
        if (path is null) return null;
        var problem = ProblemOfPath(path);
        if (problem is null) return path;
        findings.Add(place!, $"\"{Values.Shorten(path)}\" {problem}. Write {PathExpected}.");
        return null;
    }

    /// <summary>An absolute address, or null and a problem.</summary>
    public static Uri? ReadUrl(Place? place, Findings findings)
    {
        const string expected = "an address such as \"http://127.0.0.1:5102\"";
        var text = Values.Text(place, expected, findings);
        if (text is null) return null;
        var problem = ProblemOfUrl(text, out var url);
        if (problem is null) return url;
        findings.Add(place!, $"This address {problem}. Write {expected}.");
        return null;
    }

    private static string? ProblemOfPath(string path)
    {
        if (!path.StartsWith('/')) return "does not begin with \"/\"";
        if (path.StartsWith("//", StringComparison.Ordinal)) return "begins with \"//\"";
        if (path.Length > DefinitionLimits.UrlLength) return $"is longer than {DefinitionLimits.UrlLength} characters";
        if (path.Any(c => c is '?' or '#' or '\\')) return "contains \"?\", \"#\" or \"\\\"";
        if (!path.All(IsPlain)) return "contains a blank or a character that must be percent-encoded";
        // Percent-encoded they mean the same to whoever makes an address of it, and lead out of the participant's.
        return path.Split('/').Select(Uri.UnescapeDataString).Any(segment => segment is "." or "..")
            ? "contains \".\" or \"..\" as a part"
            : null;
    }

    /// <summary>The messages repeat nothing of the address: it may hold a password.</summary>
    private static string? ProblemOfUrl(string text, out Uri? url)
    {
        url = null;
        if (text.Length > DefinitionLimits.UrlLength) return $"is longer than {DefinitionLimits.UrlLength} characters";
        if (!text.All(IsPlain)) return "contains a blank or a character that must be percent-encoded";
        if (!IsHttp(text)) return "begins neither with http:// nor with https://";
        if (text.Contains('\\') || !Uri.TryCreate(text, UriKind.Absolute, out url)) return "cannot be read";
        if (url.Host.Length == 0) return "names no host";
        if (text.Split('/', 4)[2].Contains('@')) return "contains user information, which does not belong here";
        return text.Any(c => c is '?' or '#') ? "contains a query or a fragment" : null;
    }

    private static bool IsPlain(char c) => c is > ' ' and < '\x7f';

    private static bool IsHttp(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
