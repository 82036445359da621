using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Storage.SqlServer;

/// <summary>Looks at a database before it is used, and brings its tables up to date.</summary>
internal static class SqlServerSetup
{
    // OPENJSON exists from this level on.
    private const int LeastCompatibility = 130;

    // A batch is compiled statement by statement, so a table that is not there yet is no error.
    private const string ReadVersion = """
        IF OBJECT_ID(N'schema_version', N'U') IS NULL SELECT 0
        ELSE SELECT coalesce(max(version), 0) FROM schema_version;
        """;

    // The procedure answers what went wrong and throws nothing. It waits as long as LOCK_TIMEOUT says.
    private const string Lock = """
        DECLARE @got INT;
        EXEC @got = sp_getapplock
          @Resource = N'orchestrator-schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction';
        IF @got < 0 THROW 50071, N'Another orchestrator is bringing the tables up to date.', 1;
        """;

    /// <summary>Throws <see cref="StoreUnavailableException" /> with the statement that helps.</summary>
    public static async Task CheckAsync(DbConnection connection, string place, CancellationToken cancel)
    {
        const string sql = """
            SELECT name AS Name, CAST(compatibility_level AS INT) AS Level,
              CAST(is_read_committed_snapshot_on AS INT) AS KeepsVersions
            FROM sys.databases WHERE database_id = DB_ID()
            """;
        var database = await connection.QuerySingleAsync<DatabaseData>(
            new CommandDefinition(sql, cancellationToken: cancel));
        if (database.Level < LeastCompatibility)
            throw new StoreUnavailableException(
                $"{place} has the compatibility level {database.Level}. Raise it: ALTER DATABASE [{database.Name}] SET "
                + $"COMPATIBILITY_LEVEL = {LeastCompatibility}.");
        if (database.KeepsVersions == 0)
            throw new StoreUnavailableException(
                $"{place} makes readers wait for writers. Let it keep row versions: ALTER DATABASE [{database.Name}] "
                + "SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE.");
    }

    /// <summary>Makes what is missing; several engines may do so at once.</summary>
    public static async Task EnsureSchemaAsync(DbConnection connection, string place, CancellationToken cancel)
    {
        var steps = SqlServerSchema.Steps;
        // Nearly always there is nothing to do, and no engine that stops here holds up another one.
        if (await VersionAsync(null) == steps.Count) return;
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        await RunAsync(Lock);
        await RunAsync(
            """
            IF OBJECT_ID(N'schema_version', N'U') IS NULL CREATE TABLE schema_version (version INT NOT NULL);
            """);
        var version = await VersionAsync(transaction);
        if (version > steps.Count)
            throw new StoreUnavailableException(SchemaVersions.TooNew(place, version, steps.Count));
        foreach (var step in steps.Skip(version)) await RunAsync(step);
        if (version < steps.Count)
        {
            await RunAsync("DELETE FROM schema_version");
            await RunAsync(string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version) VALUES ({steps.Count})"));
        }

        await transaction.CommitAsync(cancel);

        Task<int> VersionAsync(DbTransaction? within) => connection.ExecuteScalarAsync<int>(
            new CommandDefinition(ReadVersion, null, within, cancellationToken: cancel));

        Task<int> RunAsync(string sql) => connection.ExecuteAsync(
            new CommandDefinition(sql, null, transaction, cancellationToken: cancel));
    }

    private sealed class DatabaseData
    {
        public string Name { get; set; } = "";

        public int Level { get; set; }

        public int KeepsVersions { get; set; }
    }
}
