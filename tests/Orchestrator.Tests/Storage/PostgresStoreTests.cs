using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Tests.Storage;

/// <summary>The contract on a real PostgreSQL, and what only PostgreSQL has to keep.</summary>
public sealed class PostgresStoreTests : ServerStoreContract
{
    private PostgresDatabase database = null!;

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_with_a_sentence()
    {
        await RunAsync("UPDATE schema_version SET version = 99");
        await using var store = Make();

        var opening = () => store.Store.OpenAsync(CancellationToken.None);

        (await opening.Should().ThrowAsync<StoreUnavailableException>()).WithMessage("*newer version*");
    }

    [Fact]
    public async Task A_server_that_is_away_is_named_without_its_password()
    {
        await using var store = StoreOf(new ServiceCollection().AddPostgresStorage(new ServerStorageOptions
        {
            ConnectionString = "Host=/nowhere;Database=sagas;Username=me;Password=hush",
        }));

        var opening = () => store.Store.OpenAsync(CancellationToken.None);

        (await opening.Should().ThrowAsync<StoreUnavailableException>()).Which.ToString()
            .Should().Contain("sagas at /nowhere").And.NotContain("hush");
    }

    [Fact]
    public async Task A_connection_that_the_server_ends_is_made_anew_and_the_commit_is_on_disk_or_not()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));
        await EndConnectionsAsync();

        var commit = new StoreCommit { Base = 1, Number = 2 };
        await FluentActions.Awaiting(() => Store.CommitAsync(commit, CancellationToken.None))
            .Should().ThrowAsync<StoreUnavailableException>();

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(1);
    }

    [Fact]
    public async Task A_commit_that_was_lost_is_not_taken_for_written_however_often_the_store_had_to_be_opened()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));
        await EndConnectionsAsync();
        var lost = new StoreCommit { Base = 1, Number = 2 };
        (await FluentActions.Awaiting(() => Store.CommitAsync(lost, CancellationToken.None))
            .Should().ThrowAsync<StoreUnavailableException>()).Which.FateUnknown.Should().BeTrue();

        // As an opening does whose connection breaks before it has its answer.
        await RunAsync("UPDATE owners SET commits = commits + 1");

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(1);
        lost.Number.Should().Be(2, "nothing of it is on disk");
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_known_as_written_however_often_the_store_had_to_be_opened()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));
        await EndConnectionsAsync();
        var lost = new StoreCommit { Base = 1, Number = 2 };
        await FluentActions.Awaiting(() => Store.CommitAsync(lost, CancellationToken.None))
            .Should().ThrowAsync<StoreUnavailableException>();

        // The commit itself behind one of another engine, and an opening whose connection breaks.
        await RunAsync("UPDATE head SET no = 9; UPDATE owners SET last_no = 9, commits = commits + 2");

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(9);
        lost.Number.Should().Be(9);
    }

    protected override StoreUnderTest Make()
    {
        database ??= PostgresServer.CreateDatabaseAsync().GetAwaiter().GetResult();
        return StoreOf(new ServiceCollection().AddPostgresStorage(
            new ServerStorageOptions { ConnectionString = database.ConnectionString }));
    }

    protected override ValueTask DropAsync() => database.DisposeAsync();

    private Task EndConnectionsAsync() => RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        + "WHERE datname = current_database() AND pid <> pg_backend_pid()");

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
