using Microsoft.AspNetCore.WebUtilities;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>
/// Reads a query string to the letter: names are case-sensitive, an unknown or repeated one is refused, because a
/// misspelt <c>deadlin</c> that is silently ignored would hold other people's stock for an hour.
/// </summary>
internal sealed class QueryText
{
    private const string TagPrefix = "tag.";

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The value of a name; null when it is not given.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>The search attributes: <c>tag.x=</c> by <c>x</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Tags =>
        from pair in values
        where pair.Key.StartsWith(TagPrefix, StringComparison.Ordinal)
        select KeyValuePair.Create(pair.Key[TagPrefix.Length..], pair.Value);

    /// <summary>Reads it; a problem when a name is unknown or repeated.</summary>
    public static Problem? TryRead(QueryString text, IReadOnlyCollection<string> known, bool tags, out QueryText query)
    {
        query = new QueryText();
        if (!text.HasValue) return null;
        foreach (var pair in new QueryStringEnumerable(text.Value))
        {
            var name = pair.DecodeName().ToString();
            if (!known.Contains(name) && !(tags && name.StartsWith(TagPrefix, StringComparison.Ordinal)))
            {
                return Unknown(name, tags ? [.. known, "tag.NAME"] : known);
            }

            if (!query.values.TryAdd(name, pair.DecodeValue().ToString())) return Repeated(name);
        }

        return null;
    }

    private static Problem Unknown(string name, IReadOnlyCollection<string> known) => Problem.Of(
        StatusCodes.Status400BadRequest,
        ProblemCodes.UnknownParameter,
        $"The query parameter \"{Cut(name)}\" is not known here. Known are: {string.Join(", ", known)}.");

    private static Problem Repeated(string name) => Problem.Of(
        StatusCodes.Status400BadRequest,
        ProblemCodes.BadParameter,
        $"The query parameter \"{Cut(name)}\" is given more than once. Give it once.");

    private static string Cut(string text) => text.Length > 100 ? text[..100] + "..." : text;
}
