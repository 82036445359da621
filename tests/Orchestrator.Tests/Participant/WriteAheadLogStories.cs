using System.Data.Common;
using Dapper;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>SQLite's write-ahead log while many steps are undone.</summary>
public sealed class WriteAheadLogStories : IDisposable
{
    private const int Rows = 3000;

    /// <summary>What a log has grown to when a commit moves it: 1,000 pages.</summary>
    private const long MovedByACommit = 1000 * 4096;

    private readonly SqliteDatabase database = new();
    private readonly ManualTime clock = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task While_many_are_undone_the_log_is_moved_before_a_commit_has_to()
    {
        (await LogAfterUndosAsync(database.Connect)).Should().BeLessThan(MovedByACommit);
    }

    [Fact]
    public async Task A_log_that_somebody_else_takes_care_of_is_left_alone()
    {
        (await LogAfterUndosAsync(() =>
        {
            var connection = database.Open();
            connection.Execute("PRAGMA wal_autocheckpoint = 0");
            return connection;
        })).Should().BeGreaterThan(MovedByACommit);
    }

    private async Task<long> LogAfterUndosAsync(Func<DbConnection> connect)
    {
        await using var host = await ParticipantHost.StartAsync(
            database, clock, configure: options => options.UseDatabase(LedgerDialect.Sqlite, connect));
        LedgerRows.FillWithHeld(database, clock, Rows);
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(Rows);

        return new FileInfo(database.FilePath + "-wal").Length;
    }
}
