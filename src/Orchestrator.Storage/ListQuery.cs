using System.Globalization;
using System.Text;
using Dapper;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>
/// The SQL of one list. Row numbers are chosen first, so that sorting carries numbers only; a condition with a leading
/// plus is one whose index would make the database sort or look up more than it saves.
/// </summary>
internal sealed class ListQuery
{
    private readonly StringBuilder conditions = new();
    private readonly SqlWords words;

    /// <summary>
    /// True when a tag leads: no other condition has an index of its own, so the tag's index gives the order.
    /// </summary>
    private readonly bool tagLeads;

    /// <summary>
    /// True when a condition leaves few sagas, found by an index that a definition's would only keep from being used.
    /// </summary>
    private readonly bool fewLead;

    /// <summary>Builds it; throws <see cref="FormatException" /> for a cursor that is none.</summary>
    public ListQuery(SagaFilter filter, SqlWords words)
    {
        this.words = words;
        Limit = Math.Clamp(filter.Limit, 1, StorageLimits.MaxPage);
        Parameters.Add("limit", Limit + 1);
        fewLead = filter.BusinessKey is not null || filter.Stuck is true || filter.Overdue is true
            || filter.InDoubt is true || filter.Suspended is true
            || filter.Phase is not (null or SagaPhase.Completed) || filter.Outcome is SagaOutcome.Compensated;
        tagLeads = !filter.Tags.IsEmpty && !fewLead && filter.Definition is null;
        if (filter.Cursor is { } cursor) Add($"{No} < @cursor", "cursor", ReadCursor(cursor));
        AddPhases(filter);
        AddSearch(filter);
        AddTags(filter);
    }

    /// <summary>Rows asked for, one less than the query reads.</summary>
    public int Limit { get; }

    /// <summary>The values.</summary>
    public DynamicParameters Parameters { get; } = new();

    /// <summary>The statement.</summary>
    public string Sql =>
        $"""
        SELECT {SagaRows.Columns} FROM sagas s WHERE s.no IN (
          SELECT {words.Top}{No} FROM {Source}{conditions} ORDER BY {No} DESC {words.Limit})
        ORDER BY s.no DESC
        """;

    /// <summary>The column that orders the list; it must be the leading table's, or the database would sort.</summary>
    private string No => tagLeads ? "t.saga" : "s.no";

    private string Plus => words.Unindexed;

    /// <summary>A cross join is carried out in the order in which it is written.</summary>
    private string Source => tagLeads ? "tags t CROSS JOIN sagas s WHERE s.no = t.saga" : "sagas s WHERE 1 = 1";

    private void AddPhases(SagaFilter filter)
    {
        if (filter.Phase is { } phase) AddPhase(phase);
        if (filter.Outcome is { } outcome)
            AddPhase(outcome == SagaOutcome.Completed ? SagaPhase.Completed : SagaPhase.Compensated);
        if (filter.Stuck is { } stuck) conditions.Append(stuck ? " AND s.stuck = 1" : $" AND {Plus}s.stuck = 0");
        if (filter.InDoubt is { } inDoubt) AddFlag("in_doubt", inDoubt);
        if (filter.Suspended is { } suspended) AddFlag("suspended", suspended);
        if (filter.Overdue is { } overdue)
        {
            conditions.Append(overdue
                ? " AND s.ended_at IS NULL AND s.phase IN (0, 1, 4) AND s.expires_at <= @now"
                : $" AND NOT ({Plus}s.ended_at IS NULL AND {Plus}s.phase IN (0, 1, 4) AND {Plus}s.expires_at <= @now)");
            Parameters.Add("now", filter.Now.ToUnixTimeMilliseconds());
        }
    }

    // Only live sagas can be so, and these are few: their index leads to them.
    private void AddFlag(string column, bool isSet) => conditions.Append(
        isSet ? $" AND s.ended_at IS NULL AND s.{column} = 1" : $" AND {Plus}s.{column} = 0");

    /// <summary>
    /// Most sagas are completed, so these are found quickest from the newest on; all others by their index.
    /// </summary>
    private void AddPhase(SagaPhase phase) => conditions.Append(CultureInfo.InvariantCulture, $"{phase switch
    {
        SagaPhase.Completed => $" AND {Plus}s.phase = ",
        SagaPhase.Compensated => " AND s.ended_at IS NOT NULL AND s.phase = ",
        SagaPhase.Doing or SagaPhase.Confirming or SagaPhase.Pivot or SagaPhase.Finishing or SagaPhase.Compensating =>
            " AND s.ended_at IS NULL AND s.phase = ",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown phase {phase}."),
    }}{(int)phase}");

    private void AddSearch(SagaFilter filter)
    {
        if (filter.Definition is { } definition)
            Add(words.Is($"{(fewLead ? Plus : "")}s.definition", "@definition"), "definition", definition);
        if (filter.BusinessKey is { } key) Add(words.Is("s.business_key", "@key"), "key", key);
        if (filter.From is { } from) Add("s.started_at >= @from", "from", from.ToUnixTimeMilliseconds());
        if (filter.To is { } to) Add("s.started_at < @to", "to", to.ToUnixTimeMilliseconds());
    }

    private void AddTags(SagaFilter filter)
    {
        var index = 0;
        foreach (var (name, value) in filter.Tags)
        {
            var leads = tagLeads && index == 0;
            var table = leads ? "t" : "o";
            var number = index.ToString(CultureInfo.InvariantCulture);
            var isTag = words.Is($"{table}.name", "@tagName" + number) + " AND "
                + words.Is($"{table}.value", "@tagValue" + number);
            conditions.Append(
                leads ? $" AND {isTag}" : $" AND EXISTS (SELECT 1 FROM tags o WHERE {isTag} AND o.saga = {No})");
            Parameters.Add($"tagName{index}", name);
            Parameters.Add($"tagValue{index}", value);
            index++;
        }
    }

    private void Add(string condition, string name, object value)
    {
        conditions.Append(" AND ").Append(condition);
        Parameters.Add(name, value);
    }

    private static long ReadCursor(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var no)
            ? no
            : throw new FormatException($"The cursor '{cursor}' is none this service made.");
}
