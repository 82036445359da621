using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// Verbs on many sagas: stored, carried out one by one, each judged as if it came alone. Safe for any number of
/// threads; throws <see cref="StoreUnavailableException" />.
/// </summary>
public interface IBatches
{
    /// <summary>What it would do now; changes nothing.</summary>
    Task<BatchPreview> PreviewAsync(BatchRequest request, CancellationToken cancel);

    /// <summary>
    /// Fixes the sagas and stores the batch; it goes on by itself, also after a crash, until every saga has an answer.
    /// A request that comes again under its idempotency key makes no other one.
    /// </summary>
    Task<BatchOutcome> CreateAsync(BatchRequest request, CancellationToken cancel);

    /// <summary>Stops it: sagas it has not come to are left alone. What is done stays done.</summary>
    Task<StopOutcome> StopAsync(string id, string actor, string? reason, CancellationToken cancel);
}

/// <summary>A batch whose shape the API has checked.</summary>
public sealed record BatchRequest
{
    /// <summary>Which sagas; null when <see cref="Ids" /> names them.</summary>
    public SagaFilter? Filter { get; init; }

    /// <summary>Their ids, each once; null when <see cref="Filter" /> chooses them.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>How they were chosen, a JSON object; shown with the batch.</summary>
    public required string Chosen { get; init; }

    /// <summary>One of <see cref="BatchVerbs" />.</summary>
    public required string Verb { get; init; }

    /// <summary>Its arguments.</summary>
    public required BatchArgs Args { get; init; }

    /// <summary>Who asks.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>The caller's idempotency key; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Digest of the request, to tell a repeated one from another under the same key.</summary>
    public ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>Whether they may use the verb on sagas of a definition; asked with null for an unknown saga.</summary>
    public required Func<string?, bool> May { get; init; }
}

/// <summary>What a batch would do.</summary>
/// <param name="TooMany">True when more sagas match than one batch may have; then nothing else is known.</param>
/// <param name="Matching">Its sagas.</param>
/// <param name="WouldDo">What it would do to how many of them, the most first.</param>
/// <param name="Refused">Why how many would be refused, the most first.</param>
/// <param name="Sample">Some of those that would not be refused.</param>
public sealed record BatchPreview(
    bool TooMany,
    int Matching,
    IReadOnlyList<BatchEffect> WouldDo,
    IReadOnlyList<BatchRefusal> Refused,
    IReadOnlyList<string> Sample);

/// <summary>What would happen to so many sagas.</summary>
public sealed record BatchEffect(string Effect, int Count);

/// <summary>Why so many would be refused.</summary>
public sealed record BatchRefusal(string Code, int Count, string Text);

/// <summary>What became of a batch that somebody wanted. A closed union.</summary>
public abstract record BatchOutcome
{
    private BatchOutcome()
    {
    }

    /// <summary>It is on disk and goes on.</summary>
    public sealed record Accepted(BatchSummary Batch) : BatchOutcome;

    /// <summary>The same request has come before; it is what became of that.</summary>
    public sealed record AlreadyAccepted(BatchSummary Batch) : BatchOutcome;

    /// <summary>The actor has used the key for another request, which made this batch.</summary>
    public sealed record KeyReused(string BatchId) : BatchOutcome;

    /// <summary>No saga matches.</summary>
    public sealed record NothingMatches : BatchOutcome;

    /// <summary>More sagas match than one batch may have.</summary>
    public sealed record TooManySagas : BatchOutcome;

    /// <summary>As many batches run as may.</summary>
    public sealed record TooManyBatches : BatchOutcome;

    /// <summary>The store cannot be written.</summary>
    public sealed record Unavailable(string Text) : BatchOutcome;
}

/// <summary>What became of a stop. A closed union.</summary>
public abstract record StopOutcome
{
    private StopOutcome()
    {
    }

    /// <summary>It is stopped.</summary>
    public sealed record Stopped(BatchSummary Batch) : StopOutcome;

    /// <summary>It had ended before.</summary>
    public sealed record AlreadyEnded(BatchSummary Batch) : StopOutcome;

    /// <summary>There is none of that id.</summary>
    public sealed record NotFound : StopOutcome;

    /// <summary>The store cannot be written.</summary>
    public sealed record Unavailable(string Text) : StopOutcome;
}
