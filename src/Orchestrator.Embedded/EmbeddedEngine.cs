using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Embedded.Catalog;
using Orchestrator.Embedded.Work;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>See <see cref="ISagaEngine" />: posts what is asked to the commit loop and reads what has ended from the store.</summary>
internal sealed class EmbeddedEngine(
    Inbox inbox,
    LiveSagas sagas,
    ISagaStore store,
    CatalogState catalog,
    EngineHealth health,
    TimeProvider time,
    Log log) : ISagaEngine
{
    private int waitingStarts;

    /// <inheritdoc />
    public async Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancel)
    {
        while (true)
        {
            if (Full() is { } text) return new StartOutcome.Unavailable(text);
            switch (await PostAsync(request, cancel))
            {
                case StartFate.Started started:
                    return new StartOutcome.Started(started.Saga);
                case StartFate.Existing existing:
                    // Purged between the two looks, its key is free again.
                    if (await FindAsync(existing.SagaId, cancel) is not { } saga) continue;
                    return new StartOutcome.AlreadyStarted(saga);
                case StartFate.KeyReused reused:
                    return new StartOutcome.KeyReused(reused.SagaId);
                case StartFate.Unavailable unavailable:
                    return new StartOutcome.Unavailable(unavailable.Text);
                default:
                    throw new System.Diagnostics.UnreachableException("Unknown fate of a start.");
            }
        }
    }

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

        if (await ReadAsync(sagaId, cancel) is not { } saga) return new VerbOutcome.NotFound();
        // It was live between the two looks at most when it started just now: then its caller does not know its id yet.
        return VerbRules.Judge(saga, verb, time.GetUtcNow()) is VerbRuling.NotAllowed refusal
            ? new VerbOutcome.Refused(refusal)
            : new VerbOutcome.NotFound();
    }

    /// <inheritdoc />
    public async Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) =>
        sagas.Find(sagaId)?.State ?? await ReadAsync(sagaId, cancel);

    /// <inheritdoc />
    public async Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel)
    {
        if (sagas.Find(sagaId) is not { } live) return await ReadAsync(sagaId, cancel);
        var wait = live.WaitForEndAsync();
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

    /// <inheritdoc />
    public async Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel)
    {
        if (health.NotReady is not null) return DeleteOutcome.Unavailable;
        if (sagas.Find(sagaId) is not null) return DeleteOutcome.StillRunning;
        if (await ReadAsync(sagaId, cancel) is not { } saga) return DeleteOutcome.NotFound;
        if (saga is not Ended) return DeleteOutcome.StillRunning;
        var work = new PurgeWork([sagaId]);
        inbox.Post(work);
        if (await work.Done.WaitAsync(cancel) is not null) return DeleteOutcome.Unavailable;
        log.Deleted(sagaId, actor);
        return DeleteOutcome.Deleted;
    }

    private async Task<StartFate> PostAsync(StartRequest request, CancellationToken cancel)
    {
        var work = new StartWork(request);
        Interlocked.Increment(ref waitingStarts);
        try
        {
            inbox.Post(work);
            return await work.Done.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref waitingStarts);
        }
    }

    private string? Full()
    {
        if (health.NotReady is { } text) return text;
        if (Volatile.Read(ref waitingStarts) >= EngineLimits.MaxWaitingStarts)
            return $"{EngineLimits.MaxWaitingStarts} starts wait already. Try again in a moment.";
        return sagas.Count >= EngineLimits.MaxLiveSagas
            ? $"{EngineLimits.MaxLiveSagas} sagas run already. Wait until some have ended."
            : null;
    }

    private async Task<StartedSaga?> ReadAsync(string sagaId, CancellationToken cancel)
    {
        if (await store.ReadAsync(sagaId, cancel) is not { } stored) return null;
        var versions = catalog.Current.Definitions.GetValueOrDefault(stored.Definition, []);
        var definition = versions.FirstOrDefault(version => version.Stored.Definition.Version == stored.DefinitionVersion)
            ?? throw new StoreUnavailableException(
                $"Version {stored.DefinitionVersion} of definition {stored.Definition} is not in the store; put back a backup that has it.");
        return SagaTurn.Refold(definition.Stored.Definition, stored.Turns);
    }
}
