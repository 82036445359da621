using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>Words that the glossary replaces by one of its own, in names and in the documents.</summary>
internal static partial class BannedWords
{
    /// <summary>Not in names of public types and members, not in JSON.</summary>
    private static readonly Dictionary<string, string> InNames = new (string Better, string Banned)[]
    {
        ("definition", "template blueprint"),
        ("saga", "workflow orchestration process"),
        ("step", "task activity stage"),
        ("participant", "worker provider"),
        ("call", "job"),
        ("undo", "rollback"),
        ("expiresAt", "ttl"),
        ("history", "log journal"),
        ("state", "snapshot"),
        ("version", "revision etag"),
        ("turn", "tick"),
        ("timer", "reminder alarm"),
        ("outcome", "status result"),
        ("stuck", "poisoned"),
        ("ledger", "inbox fence barrier"),
        ("store", "repository dao"),
    }
    .SelectMany(row => row.Banned.Split(' '), (row, banned) => (row.Better, Banned: banned))
    .ToDictionary(row => row.Banned, row => row.Better);

    /// <summary>Ordinary English or the words of HTTP, SQL and git: free in a sentence, banned in a name.</summary>
    private static readonly string[] FreeInProse =
    [
        "process", "task", "stage", "provider", "log", "status", "result", "repository", "alarm", "template", "tick", "fence",
    ];

    /// <summary>Names that keep a word, with the reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Answer.Status"] = "the HTTP status",
        ["LedgerAnswer.Status"] = "the HTTP status",
        ["SagaAttributes.SagaStatus"] = "the HTTP status, in an answer over a broker",
        ["InputMapping.Template"] = "the value with its queries, as it is written",
        ["result"] = "what became of a request, in batches and the audit list",
        ["BatchAnswerBody.Result"] = "likewise",
        ["AuditItemBody.Result"] = "likewise",
        ["status"] = "the HTTP status, in a problem (RFC 9457) and in the history",
    };

    /// <summary>Who speaks of another product may use its words.</summary>
    [GeneratedRegex("Dapr|Temporal|MassTransit|Restate|DBOS|GitHub|Actions", RegexOptions.None, 1000)]
    private static partial Regex OtherProducts();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+", RegexOptions.None, 1000)]
    private static partial Regex WordOfName();

    [GeneratedRegex("```.*?(```|$)|`[^`\n]*`|\\]\\([^)\n]*\\)|https?://\\S+", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    /// <summary>What is wrong with a name; empty when nothing is.</summary>
    public static IEnumerable<string> CheckName(string name)
    {
        if (Allowed.ContainsKey(name)) yield break;
        foreach (var word in WordOfName().Matches(name).Select(match => match.Value.ToLowerInvariant()))
            if (Replacement(word) is { } better)
                yield return $"{name}: say {better}, not {word}.";
        if (name.Contains("RetryCount", StringComparison.OrdinalIgnoreCase)) yield return $"{name}: say attempt, not retry count.";
    }

    /// <summary>What is wrong with a document; empty when nothing is. Code in it is not looked at.</summary>
    public static IEnumerable<string> CheckDocument(SourceFile file)
    {
        var prose = Code().Replace(file.Text, code => new string('\n', code.Value.Count(c => c == '\n')));
        var lines = prose.Split('\n');
        foreach (var (index, line) in lines.Index())
        {
            if (OtherProducts().IsMatch(ItemAround(lines, index))) continue;
            foreach (var word in WordOfName().Matches(line).Select(match => match.Value.ToLowerInvariant()))
                if (Replacement(word) is { } better && !FreeInProse.Contains(Singular(word)))
                    yield return $"{file.Path}:{index + 1}: say {better}, not {word}.";
            if (line.Contains("retry count", StringComparison.OrdinalIgnoreCase))
                yield return $"{file.Path}:{index + 1}: say attempt, not retry count.";
        }
    }

    /// <summary>The list item, row or paragraph a line belongs to.</summary>
    private static string ItemAround(string[] lines, int index)
    {
        var first = index;
        while (first > 0 && !Begins(lines[first])) first--;
        var last = index;
        while (last + 1 < lines.Length && !Begins(lines[last + 1])) last++;
        return string.Join(' ', lines[first..(last + 1)]);
    }

    private static bool Begins(string line) =>
        string.IsNullOrWhiteSpace(line) || line.TrimStart() is ['-' or '*' or '|' or '#', ..];

    private static string? Replacement(string word) =>
        InNames.GetValueOrDefault(word) ?? InNames.GetValueOrDefault(Singular(word));

    private static string Singular(string word) => word switch
    {
        "repositories" => "repository",
        "activities" => "activity",
        "processes" => "process",
        "statuses" => "status",
        _ when word.EndsWith('s') && !InNames.ContainsKey(word) => word[..^1],
        _ => word,
    };
}
