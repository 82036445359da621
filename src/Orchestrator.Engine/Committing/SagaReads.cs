using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The part of <see cref="ISagaEngine" /> that is the same for every engine. Safe for any number of threads.
/// </summary>
internal sealed class SagaReads(
    Inbox inbox,
    LiveSagas sagas,
    ISagaStore store,
    CatalogState catalog,
    EngineHealth health,
    TimeProvider time,
    Log log)
{
    /// <summary>See <see cref="ISagaEngine.FindAsync" />.</summary>
    public async Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) =>
        sagas.Find(sagaId)?.State ?? await ReadAsync(sagaId, cancel);

    /// <summary>See <see cref="ISagaEngine.WaitForEndAsync" />.</summary>
    public Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel) =>
        WaitUntilAsync(sagaId, static saga => saga is Ended, limit, cancel);

    /// <summary>See <see cref="ISagaEngine.WaitUntilAsync" />.</summary>
    public async Task<StartedSaga?> WaitUntilAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel)
    {
        if (sagas.Find(sagaId) is not { } live) return await ReadAsync(sagaId, cancel);
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

    /// <summary>See <see cref="ISagaEngine.DeleteAsync" />.</summary>
    public async Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel)
    {
        if (health.NotReady is not null) return DeleteOutcome.Unavailable;
        if (sagas.Find(sagaId)?.State is { } live)
            return live is Ended ? DeleteOutcome.Unverified : DeleteOutcome.StillRunning;
        if (await ReadAsync(sagaId, cancel) is not { } saga) return DeleteOutcome.NotFound;
        if (saga is not Ended) return DeleteOutcome.StillRunning;
        if (!saga.IsClosed()) return DeleteOutcome.Unverified;
        var work = new PurgeWork([sagaId]);
        inbox.Post(work);
        if (await work.Done.WaitAsync(cancel) is not null) return DeleteOutcome.Unavailable;
        log.Deleted(sagaId, actor);
        return DeleteOutcome.Deleted;
    }

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
