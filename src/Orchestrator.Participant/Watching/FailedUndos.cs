using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.Watching;

/// <summary>Notes that an undo threw: when it is tried again, and whether a person should look.</summary>
internal sealed class FailedUndos(
    LedgerDatabase database, LedgerTable table, ParticipantClock clock, LedgerMeter meter,
    IOptions<SagaParticipantOptions> options, ILogger<FailedUndos> logger)
{
    /// <summary>Notes it in a transaction of its own, after the undo's own transaction was rolled back.</summary>
    internal Task<bool> SetAsideAsync(string sagaId, string step, Exception cause, CancellationToken cancel) =>
        database.RunAsync(
            async work =>
            {
                var row = await table.FindLockedAsync(work, sagaId, step);
                if (row is null || row.IsFinal) return false;
                await SetAsideAsync(work, row, cause);
                return true;
            },
            cancel);

    /// <summary>Notes it in the transaction that holds the row.</summary>
    internal async Task SetAsideAsync(LedgerWork work, LedgerRow row, Exception cause)
    {
        var aside = LedgerRules.SetAside(row, options.Value.AttemptsBeforeAttention, clock.Now());
        await LedgerTable.UpdateAsync(work, aside, row.State);
        meter.UndoFailed(row.Action);
        Log.UndoFailed(logger, row.SagaId, row.Step, aside.Attempts, cause);
        if (!aside.NeedsAttention || row.NeedsAttention) return;
        meter.NeedsAttention(row.Action);
        Log.NeedsAttention(logger, row.SagaId, row.Step, aside.Attempts);
    }
}
