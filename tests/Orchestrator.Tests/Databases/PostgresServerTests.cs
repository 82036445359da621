using Npgsql;
using Orchestrator.Databases;

namespace Orchestrator.Tests.Databases;

/// <summary>The server the other tests rely on.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task Every_test_has_an_empty_database_of_its_own()
    {
        await using var one = await PostgresServer.CreateDatabaseAsync();
        await using var two = await PostgresServer.CreateDatabaseAsync();

        await RunAsync(one, "CREATE TABLE t (a INT)");

        (await RunAsync(one, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Be(1L);
        (await RunAsync(two, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Be(0L);
    }

    private static async Task<object?> RunAsync(PostgresDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
