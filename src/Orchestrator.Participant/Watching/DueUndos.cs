using Microsoft.Extensions.Logging;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.Watching;

/// <summary>
/// Undoes held rows whose expiry has passed. The rows are locked from reading to commit, and written only while they
/// are still held, so two replicas never undo the same one.
/// </summary>
internal sealed class DueUndos(
    LedgerDatabase database, LedgerTable table, UndoHandlers handlers, ParticipantClock clock, FailedUndos failedUndos,
    LedgerMeter meter, ILogger<DueUndos> logger)
{
    private readonly SliceSize size = new(
        database.Dialect.HasSingleWriter ? ParticipantLimits.UndoSliceOfOneWriter : ParticipantLimits.UndoSlice);

    private readonly TimeSpan pause = database.Dialect.HasSingleWriter
        ? ParticipantLimits.UndoPauseOfOneWriter
        : ParticipantLimits.UndoPause;

    /// <summary>Undoes everything that is due now; how many rows were undone.</summary>
    internal async Task<int> RunAsync(CancellationToken cancel)
    {
        var undone = 0;
        for (var slices = 1; ; slices++)
        {
            var others = database.Begun + 1;
            var slice = await SliceAsync(cancel);
            undone += slice.Undone.Count;
            if (!slice.IsCut) return undone;
            if (slices % ParticipantLimits.SlicesPerLogMove == 0) await database.MoveLogAsync(cancel);
            // A command that waited for the slice has its answer to send, and its saga's next command is on its way:
            // both need a processor, and the next one what the undos hold.
            if (database.Begun > others) await Task.Delay(pause, database.Waiting, cancel);
        }
    }

    private async Task<Slice> SliceAsync(CancellationToken cancel)
    {
        Slice slice;
        try
        {
            slice = await database.RunAsync(work => UndoTogetherAsync(work, cancel), cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // Nothing of the slice stays. Each row gets a transaction of its own, and the one that failed is set aside.
            Log.BatchFailed(logger, exception);
            size.Failed();
            slice = await UndoEachAsync(cancel);
        }

        meter.Undone(slice.Undone);
        return slice;
    }

    private async Task<Slice> UndoTogetherAsync(LedgerWork work, CancellationToken cancel)
    {
        var startedAt = clock.Time.GetTimestamp();
        var (now, count) = (clock.Now(), size.Rows);
        var found = await table.FindDueAsync(work, now, count);
        var due = Due(found, now);
        var undone = new List<DueRow>(due.Count);
        foreach (var group in UndoGroups.Of(due, handlers.CanUndoMany))
        {
            foreach (var some in group.Action is null ? group.Rows.Chunk(1) : [[.. group.Rows]])
            {
                if (IsOver(undone.Count, startedAt)) break;
                await UndoAsync(work, group.Action, some, cancel);
                undone.AddRange(some);
            }
        }

        // The rows are ours until the commit, so they are written when it is known how many there are.
        await ExpiredRows.WriteAsync(work, undone.ConvertAll(one => one.Expired));
        size.Took(undone.Count, clock.Time.GetElapsedTime(startedAt));
        return new Slice(IsCut: found.Count == count || undone.Count < due.Count, undone.ConvertAll(one => one.Lag));
    }

    // A command that comes waits for the undo that is running, not for the whole slice.
    private bool IsOver(int undone, long startedAt) =>
        (undone > 0 && clock.Time.GetElapsedTime(startedAt) > size.Time)
        || (undone >= ParticipantLimits.FewUndos && database.IsAwaited);

    private Task UndoAsync(LedgerWork work, string? action, DueRow[] some, CancellationToken cancel) => action is null
        ? handlers.UndoAsync(work, some[0], cancel)
        : handlers.UndoManyAsync(work, action, some, cancel);

    private static List<DueRow> Due(IEnumerable<LedgerRow> found, DateTimeOffset now)
    {
        var due = new List<DueRow>();
        foreach (var row in found)
        {
            if (LedgerRules.Expire(row, now) is { } expired) due.Add(new DueRow(row, expired));
        }

        return due;
    }

    private async Task<Slice> UndoEachAsync(CancellationToken cancel)
    {
        var count = size.Rows;
        var found = await database.RunAsync(work => table.FindDueAsync(work, clock.Now(), count), cancel);
        var undone = new List<TimeSpan>();
        foreach (var row in found)
        {
            try
            {
                if (await database.RunAsync(work => UndoAloneAsync(work, row, cancel), cancel) is { } due)
                    undone.Add(due.Lag);
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                await failedUndos.SetAsideAsync(row.SagaId, row.Step, exception, cancel);
            }
        }

        return new Slice(IsCut: found.Count == count, undone);
    }

    private async Task<DueRow?> UndoAloneAsync(LedgerWork work, LedgerRow seen, CancellationToken cancel)
    {
        var row = await table.FindLockedAsync(work, seen.SagaId, seen.Step);
        if (row is null || LedgerRules.Expire(row, clock.Now()) is not { } expired) return null;
        var due = new DueRow(row, expired);
        await LedgerTable.UpdateAsync(work, expired, row.State);
        await handlers.UndoAsync(work, due, cancel);
        return due;
    }

    /// <param name="IsCut">There may be more that is due.</param>
    /// <param name="Undone">How late each of those was that were undone.</param>
    private sealed record Slice(bool IsCut, IReadOnlyList<TimeSpan> Undone);
}
