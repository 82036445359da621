using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads the filters of the list. An empty value narrows nothing, as a form sends it.</summary>
internal sealed class ListQuery
{
    private static readonly string[] Known =
        [
            "definition", "phase", "outcome", "stuck", "inDoubt", "suspended", "overdue", "key", "from", "to", "cursor",
            "limit",
        ];

    private readonly QueryText query;
    private readonly List<ProblemItem> problems = [];

    private ListQuery(QueryText query) => this.query = query;

    /// <summary>Reads them; a problem names everything that is wrong.</summary>
    public static Problem? TryRead(QueryString text, DateTimeOffset now, out SagaFilter filter)
    {
        filter = new SagaFilter();
        if (QueryText.TryRead(text, Known, tags: true, out var values) is { } misspelt) return misspelt;
        var reader = new ListQuery(values);
        filter = reader.Read(now);
        return reader.problems.Count == 0
            ? null
            : Problem.Invalid(ProblemCodes.BadParameter, reader.problems[0].Message, reader.problems);
    }

    private SagaFilter Read(DateTimeOffset now) => new()
    {
        Definition = Text("definition"),
        Phase = Phase(),
        Outcome = Outcome(),
        Stuck = Flag("stuck"),
        InDoubt = Flag("inDoubt"),
        Suspended = Flag("suspended"),
        Overdue = Flag("overdue"),
        Now = now,
        BusinessKey = SearchValues.Key(Text("key"), problems),
        Tags = SearchValues.Tags(query.Tags, problems),
        From = Instant("from"),
        To = Instant("to"),
        Cursor = Text("cursor"),
        Limit = Limit(),
    };

    private string? Text(string name) => query[name] is { Length: > 0 } text ? text : null;

    private SagaPhase? Phase()
    {
        if (Text("phase") is not { } word) return null;
        if (Words.TryRead(word, out SagaPhase phase)) return phase;
        Add("phase", $"is none of {string.Join(", ", Words.AllPhases)}.");
        return null;
    }

    private SagaOutcome? Outcome()
    {
        if (Text("outcome") is not { } word) return null;
        if (Words.TryRead(word, out SagaOutcome outcome)) return outcome;
        Add("outcome", $"is none of {string.Join(", ", Words.AllOutcomes)}.");
        return null;
    }

    private bool? Flag(string name)
    {
        switch (Text(name))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Add(name, "is neither true nor false.");
                return null;
        }
    }

    private DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Instants.TryRead(text, out var instant)) return instant;
        Add(name, "is not an RFC 3339 instant with an offset such as 2026-01-31T12:00:00Z (a + must be written %2B).");
        return null;
    }

    private int Limit()
    {
        if (Text("limit") is not { } text) return ServiceLimits.PageItems;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= ServiceLimits.LongestPageItems) return limit;
        Add("limit", $"is not a number from 1 to {ServiceLimits.LongestPageItems}.");
        return ServiceLimits.PageItems;
    }

    private void Add(string name, string wrong) =>
        problems.Add(new ProblemItem(null, name, $"The query parameter \"{name}\" {wrong}"));
}
