using Orchestrator.Core.History;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Purges finished sagas after their retention, in small commits, and old entries of the audit list and old batches
/// after theirs. What participants were not told stays stored.
/// </summary>
internal sealed class RetentionSweep(
    EngineOptions options,
    IHousekeepingStore store,
    IAuditQueries audits,
    IBatchStore batches,
    OwnerState owners,
    Inbox inbox,
    TimeProvider time,
    Log log)
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
                if (owners.IsFirst) await SweepAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next process sweeps on.
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            await PurgeAsync(SagaOutcome.Completed, options.RetainCompleted, stop);
            await PurgeAsync(SagaOutcome.Compensated, options.RetainCompensated, stop);
            await CutAsync(stop);
        }
        catch (StoreUnavailableException e)
        {
            log.SweepFailed(e.Message);
        }
    }

    private async Task PurgeAsync(SagaOutcome outcome, TimeSpan retention, CancellationToken stop)
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

    private async Task CutAsync(CancellationToken stop)
    {
        while (true)
        {
            var before = time.GetUtcNow() - options.RetainAudit;
            var upTo = await audits.FindOldAsync(before, EngineLimits.MaxAudits, EngineLimits.MaxAuditsPerCut, stop);
            var old = await batches.FindOldAsync(before, EngineLimits.MaxBatchesPerCut, stop);
            if (upTo == 0 && old.Count == 0) return;
            var work = new CutWork(upTo, old);
            inbox.Post(work);
            if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
        }
    }
}
