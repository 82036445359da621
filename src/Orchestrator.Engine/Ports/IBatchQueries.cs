namespace Orchestrator.Engine.Ports;

/// <summary>
/// Lists batches. Reads only; never waits for a commit. Safe for any number of threads; throws
/// <see cref="StoreUnavailableException" />.
/// </summary>
public interface IBatchQueries
{
    /// <summary>
    /// Those after a cursor, newest first, or from the newest when it is null; of one actor alone when
    /// <paramref name="actor" /> is given.
    /// </summary>
    Task<BatchPage> ListAsync(string? actor, string? cursor, int limit, CancellationToken cancel);

    /// <summary>One batch, or null.</summary>
    Task<BatchSummary?> FindAsync(string id, CancellationToken cancel);

    /// <summary>
    /// What became of its sagas, in the order of their ids, after a cursor; those without an answer are left out, and
    /// with a <paramref name="fate" /> those of another.
    /// </summary>
    Task<BatchAnswerPage> AnswersAsync(
        string id, BatchFate? fate, string? cursor, int limit, CancellationToken cancel);

    /// <summary>The sagas of these ids as lists show them; one that is not known is left out.</summary>
    Task<IReadOnlyList<SagaSummary>> SagasAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);
}

/// <summary>What the runner of batches reads. See <see cref="IBatchQueries" />.</summary>
public interface IBatchStore
{
    /// <summary>The batches that have not ended, oldest first.</summary>
    Task<IReadOnlyList<RunningBatch>> RunningAsync(CancellationToken cancel);

    /// <summary>
    /// Sagas of a batch without an answer that this engine has to see to, in the order of their ids, after one: its own
    /// live ones, and, when the batch is its own, those that have ended or are gone.
    /// </summary>
    Task<IReadOnlyList<string>> NextAsync(string batch, string after, int limit, CancellationToken cancel);

    /// <summary>Batches that ended before an instant, oldest first.</summary>
    Task<IReadOnlyList<string>> FindOldAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancel);
}

/// <summary>A batch that goes on.</summary>
/// <param name="Row">It.</param>
/// <param name="IsOwn">True when this engine ends it.</param>
/// <param name="Open">Sagas without an answer.</param>
public sealed record RunningBatch(BatchRow Row, bool IsOwn, long Open);

/// <summary>A batch and how far it is.</summary>
/// <param name="Row">It.</param>
/// <param name="State">How far it is.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Total">Its sagas.</param>
/// <param name="Accepted">Those that took the verb.</param>
/// <param name="Refused">Those that do not allow it.</param>
/// <param name="Failed">Those that could not be reached.</param>
public sealed record BatchSummary(
    BatchRow Row, BatchState State, DateTimeOffset? EndedAt, long Total, long Accepted, long Refused, long Failed);

/// <summary>A page of batches. <paramref name="Next" /> is the cursor of the next page, or null.</summary>
public sealed record BatchPage(IReadOnlyList<BatchSummary> Items, string? Next);

/// <summary>A page of answers. <paramref name="Next" /> is the cursor of the next page, or null.</summary>
public sealed record BatchAnswerPage(IReadOnlyList<BatchAnswer> Items, string? Next);
