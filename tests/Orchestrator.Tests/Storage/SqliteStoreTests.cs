using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;

namespace Orchestrator.Tests.Storage;

/// <summary>The contract on SQLite, and what only SQLite has to keep.</summary>
public sealed class SqliteStoreTests : SagaQueriesContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("store-").FullName;

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_with_a_sentence()
    {
        var other = Path.Combine(folder, "newer");
        Directory.CreateDirectory(other);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(other, "orchestrator.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99;";
            await command.ExecuteNonQueryAsync();
        }

        await using var store = Open(other);

        var opening = () => store.Store.OpenAsync(CancellationToken.None);
        (await opening.Should().ThrowAsync<StoreUnavailableException>()).WithMessage("*newer version*");
    }

    [Fact]
    public async Task A_file_of_the_first_version_is_taken_over_with_its_sagas()
    {
        await CommitAsync(commit =>
        {
            Begin("old").Start(commit, "[]");
            commit.Definitions.Add(new DefinitionRow("d", 1, "{}", DateTimeOffset.UnixEpoch, null));
        });
        await ReopenAsync(async () =>
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "orchestrator.db")};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                ALTER TABLE sagas DROP COLUMN suspended;
                DROP INDEX sagas_unverified;
                ALTER TABLE sagas DROP COLUMN unverified;
                DROP TABLE outbox;
                ALTER TABLE definitions DROP COLUMN actor;
                ALTER TABLE sagas DROP COLUMN owner;
                ALTER TABLE endings DROP COLUMN owner;
                DROP TABLE ending_cursors;
                ALTER TABLE participants DROP COLUMN retry;
                DROP TABLE batches;
                DROP TABLE batch_items;
                DROP TABLE audit;
                DROP TABLE alerts;
                DROP TABLE alert_news;
                DROP TABLE alert_cursors;
                CREATE TABLE ending_cursors (participant TEXT PRIMARY KEY, no INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                INSERT INTO ending_cursors (participant, no) VALUES ('p', 7);
                PRAGMA user_version = 1;
                """;
            await command.ExecuteNonQueryAsync();
        });

        await CommitAsync(commit =>
        {
            Begin("new").With(saga => saga with { Suspended = true }).Start(commit, "[]");
            commit.Definitions.Add(new DefinitionRow("d", 2, "{}", DateTimeOffset.UnixEpoch, "ann"));
        });

        (await Queries.ListAsync(new SagaFilter(), CancellationToken.None)).Items
            .Select(saga => (saga.Id, saga.Suspended)).Should().Equal(("new", true), ("old", false));
        (await Housekeeping.LoadCatalogAsync(CancellationToken.None)).Definitions.Select(row => row.Actor)
            .Should().Equal(null, "ann");
        (await Housekeeping.ReadCursorsAsync(CancellationToken.None)).Should().Equal(new EndingCursor("p", 7));
    }

    [Fact]
    public async Task Opening_answers_the_number_of_the_last_commit()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[]"));
        await CommitAsync(_ => { });

        await ReopenAsync();

        Opened.Should().Be(2);
    }

    [Fact]
    public async Task Numbers_rise_over_the_life_of_the_store_also_after_a_purge()
    {
        var saga = Begin("one");
        await CommitAsync(commit => saga.Start(commit, "[a]").End(commit, SagaPhase.Completed));
        await CommitAsync(commit => commit.Purges.Add("one"));

        await ReopenAsync();

        Opened.Should().Be(2);
    }

    [Fact]
    public async Task The_file_has_a_write_ahead_log()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "orchestrator.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode;";
        (await command.ExecuteScalarAsync()).Should().Be("wal");
    }

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_told_who_has_it()
    {
        await using var second = Open(folder);

        var opening = () => second.Store.OpenAsync(CancellationToken.None);

        (await opening.Should().ThrowAsync<StoreInUseException>()).WithMessage($"*process {Environment.ProcessId}*");
    }

    protected override StoreUnderTest Make() => Open(folder);

    protected override ValueTask DropAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static StoreUnderTest Open(string folder)
    {
        var services = new ServiceCollection()
            .AddSqliteStorage(new SqliteStorageOptions { DataFolder = folder }).BuildServiceProvider();
        return new StoreUnderTest(
            services.GetRequiredService<ISagaStore>(),
            services.GetRequiredService<ISagaQueries>(),
            services.GetRequiredService<IHousekeepingStore>(),
            BatchPorts.Of(services),
            services.DisposeAsync)
        {
            Alerts = services.GetRequiredService<IAlertStore>(),
        };
    }
}
