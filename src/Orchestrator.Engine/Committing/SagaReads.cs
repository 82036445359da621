using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The part of <see cref="ISagaEngine" /> that is the same for every engine. Safe for any number of threads.
/// </summary>
internal sealed class SagaReads(
    Inbox inbox,
    LiveSagas sagas,
    ISagaStore store,
    CatalogState catalog,
    Lease lease,
    ISagaFeed feed,
    EngineHealth health,
    TimeProvider time,
    Log log)
{
    /// <summary>See <see cref="ISagaEngine.FindAsync" />.</summary>
    public async Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) =>
        Live(sagaId)?.State ?? await ReadAsync(sagaId, cancel);

    /// <summary>See <see cref="ISagaEngine.WaitForEndAsync" />.</summary>
    public Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel) =>
        WaitUntilAsync(sagaId, static saga => saga is Ended, limit, cancel);

    /// <summary>See <see cref="ISagaEngine.WaitUntilAsync" />.</summary>
    public async Task<StartedSaga?> WaitUntilAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        while (true)
        {
            var left = limit - time.GetElapsedTime(from);
            if (left < TimeSpan.Zero) left = TimeSpan.Zero;
            var saga = Live(sagaId) is { } live
                ? await WaitHereAsync(live, isSo, left, cancel)
                : await WaitElsewhereAsync(sagaId, isSo, left, cancel);
            if (saga is null or Ended || isSo(saga) || !lease.IsShared || left == TimeSpan.Zero) return saga;
        }
    }

    private async Task<StartedSaga?> WaitHereAsync(
        LiveSaga live, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel)
    {
        var wait = live.WaitAsync(isSo);
        try
        {
            return await wait.WaitAsync(limit, time, cancel);
        }
        catch (TimeoutException)
        {
            return live.State;
        }
        finally
        {
            if (!wait.IsCompleted) live.StopWaiting(wait);
        }
    }

    /// <summary>Waits for a saga that another engine on the same store runs; it may come here meanwhile.</summary>
    private async Task<StartedSaga?> WaitElsewhereAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel)
    {
        var saga = await ReadAsync(sagaId, cancel);
        if (saga is null or Ended || isSo(saga) || !lease.IsShared) return saga;
        using var late = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await foreach (var _ in feed.SubscribeAsync(0, sagaId, both.Token))
            {
                saga = await ReadAsync(sagaId, both.Token);
                if (saga is null or Ended || isSo(saga) || Live(sagaId) is not null) return saga;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It is answered as it is by now.
        }

        return await ReadAsync(sagaId, cancel);
    }

    private LiveSaga? Live(string sagaId) => lease.IsHeld ? sagas.Find(sagaId) : null;

    /// <summary>See <see cref="ISagaEngine.DeleteAsync" />.</summary>
    public Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel) =>
        DeleteAsync(sagaId, actor, null, cancel);

    /// <summary>The same as a part of a batch.</summary>
    public async Task<DeleteOutcome> DeleteAsync(
        string sagaId, string actor, BatchRow? batch, CancellationToken cancel)
    {
        if (health.NotReady is not null) return DeleteOutcome.Unavailable;
        if (sagas.Find(sagaId)?.State is { } live)
            return live is Ended ? DeleteOutcome.Unverified : DeleteOutcome.StillRunning;
        if (await ReadAsync(sagaId, cancel) is not { } saga) return DeleteOutcome.NotFound;
        if (saga is not Ended) return DeleteOutcome.StillRunning;
        if (!saga.IsClosed()) return DeleteOutcome.Unverified;
        var work = new PurgeWork([sagaId], AuditOf(saga, actor, batch), batch?.Id);
        inbox.Post(work);
        if (await work.Done.WaitAsync(cancel) is not null) return DeleteOutcome.Unavailable;
        log.Deleted(sagaId, actor);
        return DeleteOutcome.Deleted;
    }

    private AuditRow AuditOf(StartedSaga saga, string actor, BatchRow? batch) => new()
    {
        At = Contract.Instants.ToMilliseconds(time.GetUtcNow()),
        Actor = actor,
        Verb = AuditVerbs.Delete,
        Kind = AuditKind.Saga,
        Target = saga.Start.SagaId,
        Definition = saga.Start.Definition,
        Reason = batch?.Reason,
        Before = SagaAudits.Deleted(saga),
    };

    /// <summary>
    /// The saga as it is stored; null when there is none. Throws <see cref="StoreUnavailableException" />.
    /// </summary>
    public async Task<StartedSaga?> ReadAsync(string sagaId, CancellationToken cancel) =>
        (await ReadRowAsync(sagaId, cancel))?.Saga;

    /// <summary>The same with its number in the store.</summary>
    public async Task<(long No, StartedSaga Saga)?> ReadRowAsync(string sagaId, CancellationToken cancel)
    {
        if (await store.ReadAsync(sagaId, cancel) is not { } stored) return null;
        var definition = catalog.Current.Find(stored.Definition, stored.DefinitionVersion)
            ?? throw new StoreUnavailableException(
                $"Version {stored.DefinitionVersion} of definition {stored.Definition} is not in the store; "
                + "put back a backup that has it.");
        return SagaTurn.Refold(definition, stored.Turns) is { } saga ? (stored.No, saga) : null;
    }
}
