using System.Globalization;
using Microsoft.Data.SqlClient;

namespace Orchestrator.Databases;

/// <summary>
/// A database of a test's own on the SQL Server that <c>ORCHESTRATOR_SQLSERVER</c> names with a connection string.
/// Disposing drops it, also while somebody is connected.
/// </summary>
public sealed class SqlServerDatabase : IAsyncDisposable
{
    /// <summary>The variable that turns the tests on SQL Server on.</summary>
    public const string Variable = "ORCHESTRATOR_SQLSERVER";

    private static long databases;

    private readonly string name;

    private SqlServerDatabase(string name)
    {
        this.name = name;
        ConnectionString = new SqlConnectionStringBuilder(Server) { InitialCatalog = name }.ConnectionString;
    }

    /// <summary>True when there is a server to test on.</summary>
    public static bool IsThere => !string.IsNullOrWhiteSpace(Server);

    /// <summary>How to connect to it, for Microsoft.Data.SqlClient.</summary>
    public string ConnectionString { get; }

    private static string? Server => Environment.GetEnvironmentVariable(Variable);

    /// <summary>An empty database whose readers do not wait for its writers.</summary>
    public static async Task<SqlServerDatabase> CreateAsync()
    {
        var number = Interlocked.Increment(ref databases);
        var fresh = string.Create(CultureInfo.InvariantCulture, $"orchestrator_test_{Environment.ProcessId}_{number}");
        await ExecuteAsync($"IF DB_ID(N'{fresh}') IS NOT NULL DROP DATABASE [{fresh}]");
        await ExecuteAsync($"CREATE DATABASE [{fresh}]");
        await ExecuteAsync($"ALTER DATABASE [{fresh}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE");
        return new SqlServerDatabase(fresh);
    }

    /// <summary>Drops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new SqlConnection(ConnectionString)) SqlConnection.ClearPool(pooled);
        await ExecuteAsync($"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE");
        await ExecuteAsync($"DROP DATABASE [{name}]");
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqlConnection(
            new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
