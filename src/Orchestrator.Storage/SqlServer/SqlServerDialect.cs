using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.SqlClient;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.SqlServer;

/// <summary>
/// A database on SQL Server, 2016 or later, that several engines may share. Readers never wait for a commit because the
/// database keeps row versions (READ_COMMITTED_SNAPSHOT); writers wait for each other at the row of <c>head</c>, which
/// each of them takes first, so they cannot deadlock.
/// </summary>
internal sealed class SqlServerDialect : IServerDialect
{
    // OPENJSON exists from this level on.
    private const int LeastCompatibility = 130;

    private readonly ServerStorageOptions options;
    private readonly string writing;
    private readonly string reading;
    private readonly string place;
    private long? token;

    /// <summary>Throws <see cref="ArgumentException" /> for a connection string that is none.</summary>
    public SqlServerDialect(ServerStorageOptions options)
    {
        this.options = options;
        var given = ConnectionStrings.Read(
            "SQL Server",
            "Server=db;Database=sagas;User Id=me;Password=...",
            () => new SqlConnectionStringBuilder(options.ConnectionString),
            connection => connection.DataSource.Length > 0 && connection.InitialCatalog.Length > 0);
        if (!given.ShouldSerialize("Application Name")) given.ApplicationName = "orchestrator";
        place = $"The SQL Server database {given.InitialCatalog} at {given.DataSource}";
        reading = given.ConnectionString;
        writing = new SqlConnectionStringBuilder(reading) { Pooling = false }.ConnectionString;
    }

    /// <inheritdoc />
    public SqlWords Words { get; } = new("TOP (@limit) ", "", "");

    /// <inheritdoc />
    public async ValueTask<IStoreWriter> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = new SqlConnection(writing);
        try
        {
            await connection.OpenAsync(cancel);
            await CheckDatabaseAsync(connection, cancel);
            await connection.ExecuteAsync(new CommandDefinition(
                string.Create(CultureInfo.InvariantCulture, $"SET LOCK_TIMEOUT {StorageLimits.ServerLockMilliseconds}"),
                cancellationToken: cancel));
            await EnsureSchemaAsync(connection, cancel);
            var ownership = await OwnerTable.EnterAsync(connection, token, options, cancel);
            token = ownership.Token;
            return new SqlServerWriter(connection, ownership);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancel)
    {
        var connection = new SqlConnection(reading);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <inheritdoc />
    public async ValueTask<DbConnection> OpenKeeperAsync(CancellationToken cancel)
    {
        var connection = new SqlConnection(reading);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <summary>A commit is one command, which the server carries out without its client: it holds nothing.</summary>
    public Task CutOffAsync(DbConnection connection, long silent, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc />
    public void CloseReaders()
    {
        using var reader = new SqlConnection(reading);
        SqlConnection.ClearPool(reader);
    }

    /// <inheritdoc />
    public string? Explain(Exception exception) => SqlServerErrors.Explain(exception, place);

    /// <inheritdoc />
    public bool IsConflict(Exception exception) => SqlServerErrors.IsConflict(exception);

    /// <summary>Leaves what it has to the others, when the server can be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        if (token is not { } left) return;
        token = null;
        try
        {
            await using var connection = new SqlConnection(writing);
            await connection.OpenAsync();
            await OwnerTable.LeaveAsync(connection, left, CancellationToken.None);
        }
        catch (Exception e) when (Explain(e) is not null)
        {
            // Then the others find out by its silence.
        }
    }

    private async Task CheckDatabaseAsync(SqlConnection connection, CancellationToken cancel)
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

    private async Task EnsureSchemaAsync(SqlConnection connection, CancellationToken cancel)
    {
        await using var transaction =
            (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        // Several engines may start at once on an empty database; the lock ends with the transaction.
        await RunAsync(
            """
            EXEC sp_getapplock
              @Resource = N'orchestrator-schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction';
            """);
        await RunAsync(
            """
            IF OBJECT_ID(N'schema_version', N'U') IS NULL CREATE TABLE schema_version (version INT NOT NULL);
            """);
        var steps = SqlServerSchema.Steps;
        var version = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "SELECT coalesce(max(version), 0) FROM schema_version", null, transaction, cancellationToken: cancel));
        if (version > steps.Count)
            throw new StoreUnavailableException(SchemaVersions.TooNew(place, version, steps.Count));
        foreach (var step in steps.Skip(version)) await RunAsync(step);
        if (version < steps.Count)
        {
            await RunAsync("DELETE FROM schema_version");
            await RunAsync($"INSERT INTO schema_version (version) VALUES ({steps.Count})");
        }

        await transaction.CommitAsync(cancel);

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
