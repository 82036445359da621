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
    private readonly ServerStorageOptions options;
    private readonly Func<string, DbConnection> connect;
    private readonly string writing;
    private readonly string reading;
    private readonly string place;
    private long? token;

    /// <summary>Throws <see cref="ArgumentException" /> for a connection string that is none.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="connect">Makes a closed connection from a connection string.</param>
    public SqlServerDialect(ServerStorageOptions options, Func<string, DbConnection> connect)
    {
        this.options = options;
        this.connect = connect;
        var given = ConnectionStrings.Read(
            "SQL Server",
            "Server=db;Database=sagas;User Id=me;Password=...",
            () => new SqlConnectionStringBuilder(options.ConnectionString),
            connection => connection.DataSource.Length > 0 && connection.InitialCatalog.Length > 0);
        if (!given.ShouldSerialize("Application Name")) given.ApplicationName = "orchestrator";
        given.CommandTimeout = StorageLimits.ServerCommandSeconds;
        // By default a pool that could not connect refuses to try again for up to a minute: longer than a lease.
        if (!given.ShouldSerialize("Pool Blocking Period")) given.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        place = $"The SQL Server database {given.InitialCatalog} at {given.DataSource}";
        reading = given.ConnectionString;
        writing = new SqlConnectionStringBuilder(reading) { Pooling = false }.ConnectionString;
    }

    /// <inheritdoc />
    public SqlWords Words { get; } = new("TOP (@limit) ", "", "") { PassesOverBlanks = true };

    /// <inheritdoc />
    public async ValueTask<IStoreWriter> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = connect(writing);
        try
        {
            await connection.OpenAsync(cancel);
            await SqlServerSetup.CheckAsync(connection, place, cancel);
            await connection.ExecuteAsync(new CommandDefinition(
                string.Create(CultureInfo.InvariantCulture, $"SET LOCK_TIMEOUT {StorageLimits.ServerLockMilliseconds}"),
                cancellationToken: cancel));
            await SqlServerSetup.EnsureSchemaAsync(connection, place, cancel);
            var ownership = await SqlServerOwners.EnterAsync(connection, token, options, cancel);
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
    public ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancel) => OpenAsync(reading, cancel);

    /// <inheritdoc />
    public ValueTask<DbConnection> OpenKeeperAsync(CancellationToken cancel) => OpenAsync(reading, cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> ClaimAsync(
        DbConnection connection, long mine, IReadOnlyList<OwnerBeat> silent, CancellationToken cancel) =>
        SqlServerOwners.ClaimAsync(connection, mine, silent, cancel);

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
            await using var connection = await OpenAsync(writing, CancellationToken.None);
            await SqlServerOwners.LeaveAsync(connection, left, CancellationToken.None);
        }
        catch (Exception e) when (Explain(e) is not null)
        {
            // Then the others find out by its silence.
        }
    }

    private async ValueTask<DbConnection> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var connection = connect(connectionString);
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
