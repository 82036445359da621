using System.Globalization;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;

namespace Orchestrator.Service.Api;

/// <summary>Reads which page of a list is asked for, and what it is narrowed to.</summary>
internal sealed record PageQuery(string? Cursor, int Limit, QueryText Text)
{
    /// <summary>Reads it; a problem when a name is not known or a value is wrong.</summary>
    public static Problem? TryRead(QueryString query, out PageQuery page, params string[] filters)
    {
        page = null!;
        if (QueryText.TryRead(query, ["cursor", "limit", .. filters], tags: false, out var text) is { } bad) return bad;
        var limit = ServiceLimits.PageItems;
        if (text["limit"] is { Length: > 0 } number
            && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= ServiceLimits.LongestPageItems))
        {
            var wrong = $"The query parameter \"limit\" is not a number from 1 to {ServiceLimits.LongestPageItems}.";
            return Problem.Invalid(ProblemCodes.BadParameter, wrong, [new ProblemItem(null, "limit", wrong)]);
        }

        page = new PageQuery(Of(text, "cursor"), limit, text);
        return null;
    }

    /// <summary>A filter's value; null for none, as a form sends it empty.</summary>
    public string? this[string filter] => Of(Text, filter);

    /// <summary>The cursor is none that the list made.</summary>
    public static Problem NoCursor()
    {
        const string text = "The query parameter \"cursor\" is none that this list made. Begin without it.";
        return Problem.Invalid(ProblemCodes.BadParameter, text, [new ProblemItem(null, "cursor", text)]);
    }

    private static string? Of(QueryText text, string name) => text[name] is { Length: > 0 } value ? value : null;
}
