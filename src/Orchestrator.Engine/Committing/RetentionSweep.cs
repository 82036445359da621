using Orchestrator.Core.History;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Purges finished sagas after their retention, in small commits. What participants were not told stays stored.
/// </summary>
internal sealed class RetentionSweep(
    EngineOptions options, IHousekeepingStore store, OwnerState owners, Inbox inbox, TimeProvider time, Log log)
{
    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.SweepEvery, time, stop);
                // Of several engines on one store one is enough.
                if (!owners.IsFirst) continue;
                await SweepAsync(SagaOutcome.Completed, options.RetainCompleted, stop);
                await SweepAsync(SagaOutcome.Compensated, options.RetainCompensated, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The next process sweeps on.
        }
    }

    private async Task SweepAsync(SagaOutcome outcome, TimeSpan retention, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var before = time.GetUtcNow() - retention;
                var ids = await store.FindEndedAsync(outcome, before, EngineLimits.MaxPurgesPerCommit, stop);
                if (ids.Count == 0) return;
                var work = new PurgeWork(ids);
                inbox.Post(work);
                // The loop answers, or refuses when it ends, so a stop need not be waited for beside it.
                if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
                log.Purged(ids.Count);
            }
        }
        catch (StoreUnavailableException e)
        {
            log.SweepFailed(e.Message);
        }
    }
}
