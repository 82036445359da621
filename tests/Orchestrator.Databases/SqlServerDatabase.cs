using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace Orchestrator.Databases;

/// <summary>
/// A database of a test's own on the SQL Server that <c>ORCHESTRATOR_SQLSERVER</c> names with a connection string.
/// Disposing drops it, also while somebody is connected.
/// </summary>
public sealed class SqlServerDatabase : IServerDatabase
{
    /// <summary>The variable that turns the tests on SQL Server on.</summary>
    public const string Variable = "ORCHESTRATOR_SQLSERVER";

    private const int Tries = 60;

    /// <summary>
    /// Errors that pass: somebody else copies the model of new databases (1807), a database is being changed or is in
    /// use (3702, 5061, 5064, 5070), a deadlock, a time limit.
    /// </summary>
    private static readonly HashSet<int> Passing = [1205, 1222, 1807, 3702, 5061, 5064, 5070, -2];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // The server makes one database after the other anyhow, and says so with errors.
    private static readonly SemaphoreSlim Turn = new(1, 1);

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

    /// <summary>An empty database.</summary>
    /// <param name="readsVersions">
    /// READ_COMMITTED_SNAPSHOT: plain reads see the last committed version of a row and wait for no lock.
    /// </param>
    public static async Task<SqlServerDatabase> CreateAsync(bool readsVersions = true)
    {
        var fresh = $"orchestrator_test_{Guid.NewGuid():N}";
        var setting = readsVersions ? "ON" : "OFF";
        await ExecuteAsync($"IF DB_ID(N'{fresh}') IS NULL CREATE DATABASE [{fresh}]");
        await ExecuteAsync(
            $"ALTER DATABASE [{fresh}] SET READ_COMMITTED_SNAPSHOT {setting} WITH ROLLBACK IMMEDIATE");
        return new SqlServerDatabase(fresh);
    }

    /// <summary>A new connection, closed.</summary>
    public DbConnection Connect() => new SqlConnection(ConnectionString);

    /// <summary>
    /// The same for a constructor. It blocks the thread, so nothing of it may have to go on there.
    /// </summary>
    public static SqlServerDatabase Create(bool readsVersions = true) =>
        Task.Run(() => CreateAsync(readsVersions)).GetAwaiter().GetResult();

    /// <summary>Drops it, and blocks the thread meanwhile.</summary>
    public void Drop() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    /// <summary>Drops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new SqlConnection(ConnectionString)) SqlConnection.ClearPool(pooled);
        await ExecuteAsync(
            $"""
            IF DB_ID(N'{name}') IS NOT NULL
            BEGIN
                ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;
                DROP DATABASE [{name}];
            END;
            """);
    }

    private static async Task ExecuteAsync(string sql)
    {
        await Turn.WaitAsync();
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await ExecuteOnceAsync(sql);
                    return;
                }
                catch (SqlException e) when (Passing.Contains(e.Number) && tries < Tries)
                {
                    await Task.Delay(Pause, TimeProvider.System);
                }
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task ExecuteOnceAsync(string sql)
    {
        await using var connection = new SqlConnection(
            new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
