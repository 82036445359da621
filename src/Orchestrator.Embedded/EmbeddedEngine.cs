using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Embedded;

/// <summary>
/// See <see cref="ISagaEngine" />: posts what is asked to the commit loop and reads what has ended from the store.
/// </summary>
internal sealed class EmbeddedEngine(
    Inbox inbox,
    LiveSagas sagas,
    Starts starts,
    Reruns reruns,
    SagaReads reads,
    Lease lease,
    EngineHealth health,
    TimeProvider time) : ISagaEngine
{
    /// <inheritdoc />
    public Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancel) =>
        starts.StartAsync(request, cancel);

    /// <inheritdoc />
    public async Task<VerbOutcome> SubmitAsync(string sagaId, SagaVerb verb, CancellationToken cancel)
    {
        if (health.NotReady is { } text) return new VerbOutcome.Unavailable(text);
        if (sagas.Find(sagaId) is { } live)
        {
            var work = new VerbWork(live, verb);
            inbox.Post(work);
            return await work.Done.WaitAsync(cancel);
        }

        if (await reads.ReadAsync(sagaId, cancel) is not { } saga) return new VerbOutcome.NotFound();
        if (VerbRules.Judge(saga, verb, time.GetUtcNow()) is VerbRuling.NotAllowed refusal)
            return new VerbOutcome.Refused(refusal);
        // It was live between the two looks at most when it started just now: then its caller does not know its id yet.
        return lease.IsShared
            ? new VerbOutcome.Unavailable("The saga is going over to another orchestrator. Try again in a moment.")
            : new VerbOutcome.NotFound();
    }

    /// <inheritdoc />
    public Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) => reads.FindAsync(sagaId, cancel);

    /// <inheritdoc />
    public Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel) =>
        reads.WaitForEndAsync(sagaId, limit, cancel);

    /// <inheritdoc />
    public Task<StartedSaga?> WaitUntilAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel) =>
        reads.WaitUntilAsync(sagaId, isSo, limit, cancel);

    /// <inheritdoc />
    public Task<RerunOutcome> RerunAsync(RerunRequest request, CancellationToken cancel) =>
        reruns.RerunAsync(request, cancel);

    /// <inheritdoc />
    public Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel) =>
        reads.DeleteAsync(sagaId, actor, cancel);
}
