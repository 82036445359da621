using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.Running;

/// <summary>Marks the rows of ended sagas and runs their end hooks, a savepoint per row.</summary>
internal sealed class EndedRunner(
    LedgerDatabase database, LedgerTable table, StepRegistry steps, ParticipantClock clock, ILogger<EndedRunner> logger)
{
    /// <summary>How many hooks threw; their rows are not marked, so the batch has to come again.</summary>
    internal async Task<int> RunAsync(
        IReadOnlyList<EndedSaga> ended, IServiceProvider services, CancellationToken cancel)
    {
        var failed = 0;
        foreach (var chunk in ended.Chunk(ParticipantLimits.EndedChunk))
        {
            failed += await database.RunAsync(work => MarkAsync(work, chunk, services, cancel), cancel);
        }

        return failed;
    }

    private async Task<int> MarkAsync(
        LedgerWork work, IReadOnlyList<EndedSaga> chunk, IServiceProvider services, CancellationToken cancel)
    {
        // A saga that is named twice in a batch ended only once; the first line counts.
        var outcomes = chunk.DistinctBy(saga => saga.SagaId).ToDictionary(saga => saga.SagaId, saga => saga.Outcome);
        var failed = 0;
        foreach (var row in await table.FindUnendedAsync(work, [.. outcomes.Keys]))
        {
            if (LedgerRules.End(row, outcomes[row.SagaId], clock.Now()) is not { } marked) continue;
            if (!HasHook(row))
                await LedgerTable.UpdateAsync(work, marked, row.State);
            else if (!await TryHookAsync(work, row, marked, services, cancel))
                failed++;
        }

        return failed;
    }

    // Nothing was ever done for a row that was refused or barred, so there is nothing its hook could end.
    private bool HasHook(LedgerRow row) =>
        row is { Data: not null, Output: not null } && steps.Find(row.Action) is { HasEnd: true };

    private async Task<bool> TryHookAsync(
        LedgerWork work, LedgerRow row, LedgerRow marked, IServiceProvider services, CancellationToken cancel)
    {
        await work.SetSavepointAsync();
        try
        {
            await LedgerTable.UpdateAsync(work, marked, row.State);
            var frame = new CallFrame(row.SagaId, row.Step, row.Action, 1, work.Connection, work.Transaction, services)
            {
                WasConfirmed = row.State == LedgerState.Confirmed,
            };
            await steps.Get(row.Action).EndAsync(frame, row.Data!.Value, row.Output!.Value, marked.EndedAs!, cancel);
        }
        catch (Exception exception) when (exception is not LedgerMovedException && !cancel.IsCancellationRequested)
        {
            Log.EndHookFailed(logger, row.SagaId, row.Step, exception);
            if (!await work.TryRollBackToSavepointAsync()) throw;
            return false;
        }

        await work.ReleaseSavepointAsync();
        return true;
    }
}
