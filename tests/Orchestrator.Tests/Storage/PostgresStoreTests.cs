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
        await RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND pid <> pg_backend_pid()");

        var commit = new StoreCommit { Base = 1, Number = 2 };
        await FluentActions.Awaiting(() => Store.CommitAsync(commit, CancellationToken.None))
            .Should().ThrowAsync<StoreUnavailableException>();

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(1);
    }

    protected override StoreUnderTest Make()
    {
        database ??= PostgresServer.CreateDatabaseAsync().GetAwaiter().GetResult();
        return StoreOf(new ServiceCollection().AddPostgresStorage(
            new ServerStorageOptions { ConnectionString = database.ConnectionString }));
    }

    protected override ValueTask DropAsync() => database.DisposeAsync();

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
