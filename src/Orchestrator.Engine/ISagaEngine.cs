using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Engine;

/// <summary>
/// What the API and the pages ask of an engine. Every engine, embedded or Dapr, answers the same. Safe for any number
/// of threads.
/// </summary>
public interface ISagaEngine
{
    /// <summary>
    /// Starts a saga. When this answers <see cref="StartOutcome.Started" /> the start is on disk and everything it
    /// causes will happen, whatever crashes. The same definition and idempotency key twice, also at the same time, make
    /// one saga.
    /// </summary>
    Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancel);

    /// <summary>Applies an operator's verb; answers once it is recorded, or refused.</summary>
    Task<VerbOutcome> SubmitAsync(string sagaId, SagaVerb verb, CancellationToken cancel);

    /// <summary>The saga as it is recorded now, or null when there is none of that id.</summary>
    Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel);

    /// <summary>
    /// Waits until the saga has ended or <paramref name="limit" /> has passed, whichever is first, and answers it as it
    /// is then; null when there is none of that id.
    /// </summary>
    Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel);

    /// <summary>
    /// Waits until the recorded saga is so, or <paramref name="limit" /> has passed, whichever is first, and answers it
    /// as it is then; null when there is none of that id.
    /// </summary>
    Task<StartedSaga?> WaitUntilAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel);

    /// <summary>
    /// Runs an ended saga again as a new one; both name each other, in one commit. The same idempotency key twice makes
    /// one saga.
    /// </summary>
    Task<RerunOutcome> RerunAsync(RerunRequest request, CancellationToken cancel);

    /// <summary>Deletes a finished saga and its history; what the participants hold is theirs to purge.</summary>
    Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel);
}

/// <summary>A start whose shape the API has checked.</summary>
public sealed record StartRequest
{
    /// <summary>The definition version to run; the newest one.</summary>
    public required SagaDefinition Definition { get; init; }

    /// <summary>The saga's input.</summary>
    public required JsonData Input { get; init; }

    /// <summary>When it must have ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>Idempotency-Key</c>, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// SHA-256 over the body's bytes and the query, compared when the key comes again; null without a key.
    /// </summary>
    public ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>The caller's own key, for search.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The caller's own attributes, for search.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>W3C trace context of the request.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What became of a start. A closed union.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>A new saga is on disk.</summary>
    public sealed record Started(StartedSaga Saga) : StartOutcome;

    /// <summary>The key was used before for the same request: this is its saga.</summary>
    public sealed record AlreadyStarted(StartedSaga Saga) : StartOutcome;

    /// <summary>The key was used before for another request.</summary>
    public sealed record KeyReused(string SagaId) : StartOutcome;

    /// <summary>
    /// Nothing was started: the store cannot be written, or a limit is reached. <paramref name="Text" /> says which.
    /// </summary>
    public sealed record Unavailable(string Text) : StartOutcome;
}

/// <summary>What became of a verb. A closed union.</summary>
public abstract record VerbOutcome
{
    private VerbOutcome()
    {
    }

    /// <summary>Recorded; the saga as it is now.</summary>
    public sealed record Accepted(StartedSaga Saga) : VerbOutcome;

    /// <summary>The phase does not allow it.</summary>
    public sealed record Refused(VerbRuling.NotAllowed Ruling) : VerbOutcome;

    /// <summary>There is no such saga.</summary>
    public sealed record NotFound : VerbOutcome;

    /// <summary>Nothing was recorded: the store cannot be written.</summary>
    public sealed record Unavailable(string Text) : VerbOutcome;
}

/// <summary>What became of a delete.</summary>
public enum DeleteOutcome
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>There was none.</summary>
    NotFound,

    /// <summary>It has not ended.</summary>
    StillRunning,

    /// <summary>It has ended, and an undo that a person has resolved is not acknowledged.</summary>
    Unverified,

    /// <summary>The store cannot be written.</summary>
    Unavailable,
}
