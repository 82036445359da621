using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Participant;
using Orchestrator.Participant.Sql;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>Undos of many rows move SQLite's log themselves, between two transactions.</summary>
public sealed class SqliteLogStories
{
    /// <summary>Slices of 10, 20, 40, 80 and 160 rows, and one more.</summary>
    private const int Rows = 400;

    [Fact]
    public async Task The_log_is_moved_between_slices_long_before_a_commit_has_to()
    {
        using var database = new SqliteDatabase();
        var clock = new ManualTime();
        await using var host = await ParticipantHost.StartAsync(database, clock, new HandlerSwitches());
        LedgerRows.FillWithHeld(database, clock, Rows);
        clock.Jump(Commands.Hold);
        var before = Content(database);

        (await host.Ledger.UndoDueAsync()).Should().Be(Rows);

        Content(database).Should().NotEqual(before, "nothing else moves a log of less than 1,000 pages");
        new FileInfo(database.FilePath + "-wal").Length.Should().BeLessThan(1000 * 4096);
    }

    [Fact]
    public async Task A_log_that_cannot_be_moved_now_holds_nobody_up()
    {
        var connectionString = $"Data Source={Guid.NewGuid():N};Mode=Memory;Cache=Shared;Default Timeout=20";
        await using var writing = new SqliteConnection(connectionString);
        await writing.OpenAsync();
        await writing.ExecuteAsync("CREATE TABLE stock (available INTEGER NOT NULL)");
        await using var transaction = await writing.BeginTransactionAsync();
        await writing.ExecuteAsync("INSERT INTO stock VALUES (1)", transaction: transaction);
        var options = new SagaParticipantOptions();
        options.UseDatabase(LedgerDialect.Sqlite, () => new SqliteConnection(connectionString));
        using var ledger = new LedgerDatabase(Options.Create(options), NullLogger<LedgerDatabase>.Instance);

        var directly = () => ledger.ReadAsync(
            connection => connection.ExecuteAsync(ledger.Dialect.MoveLog!, commandTimeout: 1), CancellationToken.None);
        await directly.Should().ThrowAsync<SqliteException>("somebody is writing, and memory has no log");
        var since = TimeProvider.System.GetTimestamp();
        await ledger.MoveLogAsync(CancellationToken.None);
        TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(15));
    }

    private static byte[] Content(SqliteDatabase database)
    {
        using var file = new FileStream(
            database.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
