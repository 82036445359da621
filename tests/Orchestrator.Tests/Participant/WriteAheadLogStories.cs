using Dapper;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>SQLite's write-ahead log while many steps are undone.</summary>
public sealed class WriteAheadLogStories : IDisposable
{
    private const int Rows = 3000;

    /// <summary>Less than all these undos write, more than those between two moves of the log.</summary>
    private const long Some = 1_000_000;

    private readonly SqliteDatabase database = new();
    private readonly ManualTime clock = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task While_many_are_undone_the_log_is_moved_in_between_and_no_commit_has_to() =>
        (await LogAfterUndosAsync(commitsMoveItAt: 1_000_000)).Should().BeLessThan(Some);

    [Fact]
    public async Task A_log_that_somebody_else_takes_care_of_is_left_alone() =>
        (await LogAfterUndosAsync(commitsMoveItAt: 0)).Should().BeGreaterThan(Some);

    private async Task<long> LogAfterUndosAsync(int commitsMoveItAt)
    {
        await using var host = await ParticipantHost.StartAsync(
            database, clock, configure: options => options.UseDatabase(LedgerDialect.Sqlite, () =>
            {
                var connection = database.Open();
                connection.Execute($"PRAGMA wal_autocheckpoint = {commitsMoveItAt}");
                return connection;
            }));
        LedgerRows.FillWithHeld(database, clock, Rows);
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(Rows);

        return new FileInfo(database.FilePath + "-wal").Length;
    }
}
