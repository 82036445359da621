using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Tracing;

namespace Orchestrator.Participant.Watching;

/// <summary>
/// Undoes held rows whose expiry has passed. The rows are locked from reading to commit, and written only while they
/// are still held, so two replicas never undo the same one.
/// </summary>
internal sealed class DueUndos(
    LedgerDatabase database, LedgerTable table, StepRegistry steps, ParticipantClock clock, FailedUndos failedUndos,
    LedgerMeter meter, IServiceScopeFactory scopes, ILogger<DueUndos> logger)
{
    private readonly TimeSpan slice =
        database.Dialect.HasSingleWriter ? ParticipantLimits.UndoSliceOfOneWriter : ParticipantLimits.UndoSlice;

    // What a slice has no time for it must not fetch, again and again.
    private readonly int rows =
        database.Dialect.HasSingleWriter ? ParticipantLimits.UndoBatch / 2 : ParticipantLimits.UndoBatch;

    /// <summary>Undoes everything that is due now; how many rows were undone.</summary>
    internal async Task<int> RunAsync(CancellationToken cancel)
    {
        var undone = 0;
        while (true)
        {
            var batch = await BatchAsync(cancel);
            undone += batch.Undone.Count;
            if (!batch.IsCut) return undone;
        }
    }

    private async Task<Batch> BatchAsync(CancellationToken cancel)
    {
        Batch batch;
        try
        {
            batch = await database.RunAsync(work => UndoTogetherAsync(work, cancel), cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // Nothing of the batch stays. Each row gets a transaction of its own, and the one that failed is set aside.
            Log.BatchFailed(logger, exception);
            batch = await UndoEachAsync(cancel);
        }

        meter.Undone(batch.Undone);
        return batch;
    }

    private async Task<Batch> UndoTogetherAsync(LedgerWork work, CancellationToken cancel)
    {
        var now = clock.Now();
        var due = await table.FindDueAsync(work, now, rows);
        var undone = new List<TimeSpan>();
        var startedAt = clock.Time.GetTimestamp();
        foreach (var row in due)
        {
            if (undone.Count > 0 && clock.Time.GetElapsedTime(startedAt) > slice)
                return new Batch(IsCut: true, undone);
            if (LedgerRules.Expire(row, now) is not { } expired) continue;
            using var span = StepSpans.Expiry(row, expired, Lag(row, now));
            try
            {
                await UndoAsync(work, row, expired, cancel);
            }
            catch (Exception exception)
            {
                StepSpans.Failed(span, exception.GetType().Name);
                throw;
            }

            undone.Add(Lag(row, now));
        }

        return new Batch(IsCut: due.Count == rows, undone);
    }

    private async Task<Batch> UndoEachAsync(CancellationToken cancel)
    {
        var due = await database.RunAsync(
            work => table.FindDueAsync(work, clock.Now(), rows), cancel);
        var undone = new List<TimeSpan>();
        foreach (var row in due)
        {
            using var span = StepSpans.Expiry(row, row, Lag(row, clock.Now()));
            try
            {
                if (await database.RunAsync(work => UndoAloneAsync(work, row, cancel), cancel))
                    undone.Add(Lag(row, clock.Now()));
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                StepSpans.Failed(span, exception.GetType().Name);
                await failedUndos.SetAsideAsync(row.SagaId, row.Step, exception, cancel);
            }
        }

        return new Batch(IsCut: due.Count == rows, undone);
    }

    private async Task<bool> UndoAloneAsync(LedgerWork work, LedgerRow seen, CancellationToken cancel)
    {
        var row = await table.FindLockedAsync(work, seen.SagaId, seen.Step);
        if (row is null || LedgerRules.Expire(row, clock.Now()) is not { } expired) return false;
        await UndoAsync(work, row, expired, cancel);
        return true;
    }

    private static TimeSpan Lag(LedgerRow row, DateTimeOffset now) => now - (row.DueAt ?? now);

    private async Task UndoAsync(LedgerWork work, LedgerRow row, LedgerRow expired, CancellationToken cancel)
    {
        await LedgerTable.UpdateAsync(work, expired, row.State);
        await using var scope = scopes.CreateAsyncScope();
        var frame = new CallFrame(
            row.SagaId, row.Step, row.Action, expired.Attempts, work.Connection, work.Transaction,
            scope.ServiceProvider)
        {
            ByExpiry = true,
        };
        await steps.Get(row.Action).UndoAsync(frame, row.Data!.Value, row.Output ?? JsonData.Null, cancel);
    }

    /// <param name="IsCut">There may be more that is due.</param>
    /// <param name="Undone">How late each of those was that were undone.</param>
    private sealed record Batch(bool IsCut, IReadOnlyList<TimeSpan> Undone);
}
