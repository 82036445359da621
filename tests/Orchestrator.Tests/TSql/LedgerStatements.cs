using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant;
using Orchestrator.Participant.PubSub;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Tests.TSql;

/// <summary>Everything a participant's ledger and outbox can be asked for.</summary>
internal static class LedgerStatements
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A server with an empty database.</summary>
    public static Recording Server() => new Recording()
        .Answer("FROM sys.columns", new { Count = 0 })
        .Answer("SELECT ledger_id", new { LedgerId = Guid.Empty.ToString() })
        .Answer("INTO saga_ledger (", new { Rows = 1 })
        .Answer("AS Oldest", new { Count = 1L, Oldest = 0L })
        .Answer("FROM (VALUES", new { Rows = ParticipantLimits.UndoBatch })
        .Answer("FROM saga_outbox message", new { Seq = 1L, Id = "i" });

    /// <summary>Sends everything.</summary>
    public static async Task SendAllAsync(Recording recording)
    {
        var options = new SagaParticipantOptions();
        options.UseDatabase(LedgerDialect.SqlServer, () => new RecordingConnection(recording));
        using var database = new LedgerDatabase(Options.Create(options), NullLogger<LedgerDatabase>.Instance);
        var table = new LedgerTable(database);
        await table.PrepareAsync(CancellationToken.None);
        await database.RunAsync(work => SendLedgerAsync(table, work), CancellationToken.None);
        await database.RunAsync(work => SendOutboxAsync(new OutboxTable(database), work), CancellationToken.None);
        await database.ReadAsync(
            connection => SendReadsAsync(table, new OutboxTable(database), connection), CancellationToken.None);
    }

    private static async Task<bool> SendLedgerAsync(LedgerTable table, LedgerWork work)
    {
        var row = Row(0);
        await table.InsertAsync(work, row);
        await work.SetSavepointAsync();
        await table.FindLockedAsync(work, row.SagaId, row.Step);
        await LedgerTable.UpdateAsync(work, row, LedgerState.Held);
        await work.RollBackToSavepointAsync();
        await work.ReleaseSavepointAsync();
        await table.FindDueAsync(work, Now, 9);
        await table.FindUnendedAsync(work, [.. Enumerable.Range(0, ParticipantLimits.EndedChunk).Select(n => $"s{n}")]);
        await table.PurgeAsync(work, Now, 9);
        await ExpiredRows.WriteAsync(work, [row]);
        await ExpiredRows.WriteAsync(work, [.. Enumerable.Range(0, ParticipantLimits.UndoBatch).Select(Row)]);
        return true;
    }

    private static async Task<bool> SendOutboxAsync(OutboxTable outbox, LedgerWork work)
    {
        await OutboxTable.InsertAsync(work, new OutboxMessage { Id = "i" });
        await outbox.TakeAsync(work, Now, Now, 9);
        await outbox.DeleteAsync(work, [.. Enumerable.Range(0, ParticipantLimits.PublishBatch).Select(n => (long)n)]);
        await OutboxTable.SetAsideAsync(work, 1, Now);
        await OutboxTable.PurgeAsync(work, Now, 9);
        return true;
    }

    private static async Task<bool> SendReadsAsync(
        LedgerTable table, OutboxTable outbox, System.Data.Common.DbConnection connection)
    {
        await LedgerTable.FindAsync(connection, "s", "t");
        await table.ListAsync(connection, "s", "t", 9);
        await table.NextDueAsync(connection);
        await table.CountHeldAsync(connection);
        await table.CountInDoubtAsync(connection);
        await outbox.IsEmptyAsync(connection);
        await outbox.CountAsync(connection);
        return true;
    }

    private static LedgerRow Row(int number) => new()
    {
        SagaId = $"s{number}",
        Step = "reserve",
        Action = "reserve",
        Kind = WireKind.Compensatable,
        State = LedgerState.Undone,
        CreatedAt = Now,
        UpdatedAt = Now,
    };
}
