using Microsoft.Extensions.Options;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Watching;

namespace Orchestrator.Participant;

/// <summary>
/// The ledger of this participant, for operators and tests: the watcher calls the same methods by itself. Safe for any
/// number of threads. Take it from the services.
/// </summary>
public sealed class SagaLedger
{
    private readonly LedgerDatabase database;
    private readonly LedgerTable table;
    private readonly DueUndos dueUndos;
    private readonly LedgerMeter meter;
    private readonly ParticipantClock clock;
    private readonly TimeSpan retention;

    internal SagaLedger(
        LedgerDatabase database, LedgerTable table, DueUndos dueUndos, LedgerMeter meter, ParticipantClock clock,
        IOptions<SagaParticipantOptions> options)
    {
        this.database = database;
        this.table = table;
        this.dueUndos = dueUndos;
        this.meter = meter;
        this.clock = clock;
        retention = options.Value.Retention;
    }

    /// <summary>The UUID that is stored in the ledger's database; empty until the host has started.</summary>
    public Guid LedgerId { get; private set; }

    /// <summary>
    /// Undoes now everything whose expiry has passed by the participant's clock. A row whose undo throws is set aside
    /// and tried again later.
    /// </summary>
    /// <returns>How many steps were undone.</returns>
    public Task<int> UndoDueAsync(CancellationToken cancel = default) => dueUndos.RunAsync(cancel);

    /// <summary>Deletes now the rows that have been final for longer than the retention.</summary>
    /// <returns>How many rows were deleted.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancel = default)
    {
        var purged = 0;
        while (true)
        {
            var batch = await PurgeBatchAsync(cancel);
            purged += batch;
            if (batch < ParticipantLimits.PurgeBatch) return purged;
        }
    }

    /// <summary>The row of one step of one saga as it was last committed; null where there is none.</summary>
    /// <param name="sagaId">The saga.</param>
    /// <param name="step">The step with its <c>~2</c>.</param>
    /// <param name="cancel">Ends the wait for the database.</param>
    public Task<LedgerRow?> FindAsync(string sagaId, string step, CancellationToken cancel = default) =>
        database.ReadAsync(connection => LedgerTable.FindAsync(connection, sagaId, step), cancel);

    /// <summary>The rows behind a key, in the order of saga and step.</summary>
    internal Task<IReadOnlyList<LedgerRow>> ListAsync(
        string sagaId, string step, int count, CancellationToken cancel) =>
        database.ReadAsync(connection => table.ListAsync(connection, sagaId, step, count), cancel);

    internal async Task PrepareAsync(CancellationToken cancel) => LedgerId = await table.PrepareAsync(cancel);

    internal async Task<int> PurgeBatchAsync(CancellationToken cancel)
    {
        var before = clock.Now() - retention;
        var purged = await database.RunAsync(
            work => table.PurgeAsync(work, before, ParticipantLimits.PurgeBatch), cancel);
        meter.Purged(purged);
        return purged;
    }

    internal async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel)
    {
        var dueAt = await database.ReadAsync(table.NextDueAsync, cancel);
        meter.NextDue(dueAt);
        return dueAt;
    }

    internal async Task MeasureAsync(CancellationToken cancel)
    {
        var (count, oldestAt) = await database.ReadAsync(table.CountInDoubtAsync, cancel);
        meter.InDoubt(count, clock.Now() - (oldestAt ?? clock.Now()));
        meter.Held(await database.ReadAsync(table.CountHeldAsync, cancel));
    }
}
