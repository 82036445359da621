using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.Postgres;

/// <summary>A database on PostgreSQL that several engines may share.</summary>
internal sealed class PostgresDialect : IServerDialect
{
    // Any number that no other program locks in this database.
    private const long SchemaLock = 0x53414741;

    private readonly ServerStorageOptions options;
    private readonly string writing;
    private readonly string reading;
    private readonly string keeping;
    private readonly string place;
    private long? token;

    /// <summary>Throws <see cref="ArgumentException" /> for a connection string that is none.</summary>
    public PostgresDialect(ServerStorageOptions options)
    {
        this.options = options;
        var given = ConnectionStrings.Read(
            "PostgreSQL",
            "Host=db;Database=sagas;Username=me;Password=...",
            () => new NpgsqlConnectionStringBuilder(options.ConnectionString),
            connection => connection.Host is not null && connection.Database is not null);
        place = $"The PostgreSQL database {given.Database} at {given.Host}";
        writing = Extended(given, connection =>
        {
            connection.Pooling = false;
            connection.MaxAutoPrepare = 100;
            connection.AutoPrepareMinUsages = 2;
        });
        keeping = Extended(given, _ => { });
        reading = Extended(given, connection =>
        {
            connection.Options += " -c default_transaction_read_only=on";
            connection.MaxAutoPrepare = 50;
        });
    }

    /// <inheritdoc />
    public SqlWords Words { get; } = new("", "LIMIT @limit", "");

    /// <inheritdoc />
    public async ValueTask<IStoreWriter> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(writing);
        try
        {
            await connection.OpenAsync(cancel);
            await EnsureSchemaAsync(connection, cancel);
            var ownership = await OwnerTable.EnterAsync(connection, token, options, cancel);
            token = ownership.Token;
            // Those who take it out find its connection by this name.
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT set_config('application_name', @name, false)",
                new { name = NameOf(ownership.Token) },
                cancellationToken: cancel));
            return new PostgresWriter(connection, ownership);
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
        var connection = new NpgsqlConnection(reading);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <inheritdoc />
    public async ValueTask<DbConnection> OpenKeeperAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(keeping);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<long>> ClaimAsync(
        DbConnection connection, long mine, IReadOnlyList<OwnerBeat> silent, CancellationToken cancel)
    {
        foreach (var one in silent) await CutOffAsync(connection, one.Token, cancel);
        return await OwnerTable.ClaimAsync(connection, mine, silent, cancel);
    }

    /// <inheritdoc />
    public void CloseReaders()
    {
        foreach (var pooled in new[] { reading, keeping })
        {
            using var connection = new NpgsqlConnection(pooled);
            NpgsqlConnection.ClearPool(connection);
        }
    }

    /// <inheritdoc />
    public string? Explain(Exception exception) => PostgresErrors.Explain(exception, place);

    /// <inheritdoc />
    public bool IsConflict(Exception exception) => PostgresErrors.IsConflict(exception);

    /// <summary>Leaves what it has to the others, when the server can be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        if (token is not { } left) return;
        token = null;
        try
        {
            await using var connection = new NpgsqlConnection(writing);
            await connection.OpenAsync();
            await OwnerTable.LeaveAsync(connection, left, CancellationToken.None);
        }
        catch (Exception e) when (Explain(e) is not null)
        {
            // Then the others find out by its silence.
        }
    }

    /// <summary>
    /// Ends the connections of an owner that is to be taken out: one that was stopped in the middle of a commit would
    /// hold its locks until it is told to give them up.
    /// </summary>
    private static async Task CutOffAsync(DbConnection connection, long silent, CancellationToken cancel)
    {
        const string sql = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = @name
            """;
        await connection.ExecuteAsync(
            new CommandDefinition(sql, new { name = NameOf(silent) }, cancellationToken: cancel));
    }

    /// <summary>
    /// Another isolation than the default of PostgreSQL would see too little after a wait for a lock, and an engine
    /// that is stopped in a transaction must not hold up the others.
    /// </summary>
    private static string Extended(NpgsqlConnectionStringBuilder given, Action<NpgsqlConnectionStringBuilder> change)
    {
        var connection = new NpgsqlConnectionStringBuilder(given.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? "orchestrator",
            CommandTimeout = StorageLimits.ServerCommandSeconds,
        };
        connection.Options = string.Create(CultureInfo.InvariantCulture,
            $"{given.Options} -c default_transaction_isolation=read\\ committed "
            + $"-c lock_timeout={StorageLimits.ServerLockMilliseconds} "
            + $"-c idle_in_transaction_session_timeout={StorageLimits.ServerIdleMilliseconds}");
        change(connection);
        return connection.ConnectionString;
    }

    private async Task EnsureSchemaAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Several engines may start at once on an empty database.
        await RunAsync(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancel);
        await RunAsync(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", cancel);
        var steps = PostgresSchema.Steps;
        var version = Convert.ToInt32(
            await RunAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version", cancel),
            CultureInfo.InvariantCulture);
        if (version > steps.Count)
            throw new StoreUnavailableException(SchemaVersions.TooNew(place, version, steps.Count));
        foreach (var step in steps.Skip(version)) await RunAsync(connection, step, cancel);
        if (version < steps.Count)
        {
            await RunAsync(connection, "DELETE FROM schema_version", cancel);
            await RunAsync(connection, $"INSERT INTO schema_version (version) VALUES ({steps.Count})", cancel);
        }

        // A start that was accepted is on disk, whatever the server does by default.
        await RunAsync(
            connection,
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string NameOf(long token) =>
        string.Create(CultureInfo.InvariantCulture, $"orchestrator owner {token}");

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel);
    }
}
