namespace Orchestrator.Engine.Ports;

/// <summary>
/// Something a person asked for, and what became of it. It holds no data of sagas, so every reader may see it.
/// Immutable.
/// </summary>
public sealed record AuditRow
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>What was asked for: one of <see cref="AuditVerbs" />, or the name of a verb on sagas.</summary>
    public required string Verb { get; init; }

    /// <summary>What kind of thing it was asked of.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>Its id or name.</summary>
    public required string Target { get; init; }

    /// <summary>The definition it belongs to; null where it belongs to none.</summary>
    public string? Definition { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>A JSON object of how it was; null when there is nothing to say.</summary>
    public string? Before { get; init; }

    /// <summary>A JSON object of how it is then.</summary>
    public string? After { get; init; }

    /// <summary>Why it was refused: the problem's code; null for what was accepted.</summary>
    public string? Code { get; init; }
}

/// <summary>What an entry of the audit list is about.</summary>
public enum AuditKind
{
    /// <summary>A saga.</summary>
    Saga,

    /// <summary>A definition.</summary>
    Definition,

    /// <summary>A participant.</summary>
    Participant,

    /// <summary>A batch.</summary>
    Batch,
}

/// <summary>The verbs of the audit list that are not those of a saga's history.</summary>
public static class AuditVerbs
{
    /// <summary>A finished saga was deleted.</summary>
    public const string Delete = "delete";

    /// <summary>A version of a definition was stored.</summary>
    public const string PutDefinition = "put-definition";

    /// <summary>A participant was added or changed.</summary>
    public const string PutParticipant = "put-participant";

    /// <summary>A batch was accepted.</summary>
    public const string CreateBatch = "create-batch";

    /// <summary>A batch was stopped.</summary>
    public const string StopBatch = "stop-batch";
}

/// <summary>
/// Reads the audit list. Safe for any number of threads; throws <see cref="StoreUnavailableException" />.
/// </summary>
public interface IAuditQueries
{
    /// <summary>A page, newest first. An unreadable cursor is a <see cref="FormatException" />.</summary>
    Task<AuditPage> ListAsync(AuditFilter filter, CancellationToken cancel);

    /// <summary>
    /// Up to which entry the list may be cut now: those before an instant, and the oldest of more than
    /// <paramref name="keep" />; at most <paramref name="limit" /> at once. 0 when there is nothing to cut.
    /// </summary>
    Task<long> FindOldAsync(DateTimeOffset before, long keep, int limit, CancellationToken cancel);
}

/// <summary>What the list is narrowed to; a null narrows nothing.</summary>
public sealed record AuditFilter
{
    /// <summary>Who.</summary>
    public string? Actor { get; init; }

    /// <summary>What was asked for.</summary>
    public string? Verb { get; init; }

    /// <summary>The saga's id.</summary>
    public string? Saga { get; init; }

    /// <summary>The definition.</summary>
    public string? Definition { get; init; }

    /// <summary>From a page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A page of the audit list. <paramref name="Next" /> is the cursor of the next page, or null.</summary>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);

/// <summary>An entry as it is stored.</summary>
/// <param name="Seq">Its number; later ones have higher ones.</param>
/// <param name="Row">What it says.</param>
public sealed record AuditEntry(long Seq, AuditRow Row);
