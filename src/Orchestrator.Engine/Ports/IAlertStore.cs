using Orchestrator.Contract;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// What the store knows of sagas that want a person, and of whom was told so. All writes go through
/// <see cref="ISagaStore.CommitAsync" />. Safe for any number of threads; never waits for a commit. Throws
/// <see cref="StoreUnavailableException" />.
/// </summary>
public interface IAlertStore
{
    /// <summary>
    /// Live sagas that are stuck, in doubt, or were overdue at <paramref name="overdueAt" /> and have no open alert for
    /// it, and open alerts whose saga is so no more; at most <paramref name="limit" /> of each.
    /// </summary>
    Task<AlertScan> ScanAsync(DateTimeOffset overdueAt, int limit, CancellationToken cancel);

    /// <summary>What is to be told after a number, in order.</summary>
    Task<IReadOnlyList<AlertNews>> ReadAsync(long after, int limit, CancellationToken cancel);

    /// <summary>How far each target was told, and the last number there is; 0 for none.</summary>
    Task<(IReadOnlyList<AlertCursor> Cursors, long Last)> ReadCursorsAsync(CancellationToken cancel);

    /// <summary>How much is to be told after a number, of these reasons.</summary>
    Task<long> CountAsync(long after, IReadOnlyCollection<AlertReason> reasons, CancellationToken cancel);
}

/// <summary>What a look has found.</summary>
/// <param name="Wanting">Sagas without an alert, and what for.</param>
/// <param name="Over">Open alerts that are over.</param>
public sealed record AlertScan(
    IReadOnlyList<(SagaSummary Saga, AlertReason Reason)> Wanting, IReadOnlyList<AlertOver> Over);

/// <summary>An open alert that is over.</summary>
/// <param name="SagaId">Whose.</param>
/// <param name="Reason">For what.</param>
/// <param name="RaisedAt">Since when.</param>
/// <param name="Saga">The saga as it is now; null when it was purged.</param>
public sealed record AlertOver(string SagaId, AlertReason Reason, DateTimeOffset RaisedAt, SagaSummary? Saga);

/// <summary>An alert that opens or is cleared, to be stored with what is told of it.</summary>
/// <param name="SagaId">Whose.</param>
/// <param name="Reason">For what; of a saga and a reason at most one is open.</param>
/// <param name="IsCleared">It is over.</param>
/// <param name="RaisedAt">When it opened.</param>
/// <param name="News">What is told.</param>
public sealed record AlertRow(
    string SagaId, AlertReason Reason, bool IsCleared, DateTimeOffset RaisedAt, AlertNews News);

/// <summary>Something that is to be told.</summary>
/// <param name="No">Its place in the order, given by the store; 0 before.</param>
/// <param name="Id">Its id, the same however often it is told; never used twice.</param>
/// <param name="Reason">For what.</param>
/// <param name="IsCleared">It is over.</param>
/// <param name="At">When it was found so.</param>
/// <param name="Data">What a target is told, a JSON object.</param>
public sealed record AlertNews(
    long No, string Id, AlertReason Reason, bool IsCleared, DateTimeOffset At, JsonData Data);

/// <summary>A target has been told everything up to a number.</summary>
/// <param name="Target">Its name.</param>
/// <param name="No">The number.</param>
/// <param name="DeliveredAt">When it last took something; null when it never did.</param>
/// <param name="FailedAt">Since when nothing arrives; null while it does.</param>
/// <param name="Error">Why; null while it arrives.</param>
public sealed record AlertCursor(
    string Target, long No, DateTimeOffset? DeliveredAt, DateTimeOffset? FailedAt, string? Error);
