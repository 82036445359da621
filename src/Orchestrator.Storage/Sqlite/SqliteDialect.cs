using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.Sqlite;

/// <summary>One file, one writing connection, any number of reading ones beside it (WAL).</summary>
internal sealed class SqliteDialect(SqliteStorageOptions options, TimeProvider time) : ISqlDialect
{
    private readonly string file = Path.GetFullPath(Path.Combine(options.DataFolder, StorageLimits.FileName));

    private StoreLock? held;
    private bool heldData;

    /// <inheritdoc />
    public SqlWords Words { get; } = new("", "LIMIT @limit", "+");

    /// <inheritdoc />
    public async ValueTask<IStoreWriter> OpenWriterAsync(CancellationToken cancel)
    {
        MakeFolder();
        held ??= StoreLock.Take(file, time);
        RefuseToBeginAnew();
        CloseReaders();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            // A file that goes away between the look and the opening must not be made anew.
            Mode = heldData ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = StorageLimits.LockedWaitSeconds,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            // SQLite answers what it really does instead of failing, for example on a file system without shared
            // memory.
            Require(connection, "PRAGMA journal_mode = WAL;", "wal");
            Run(connection, "PRAGMA synchronous = FULL;");
            Require(connection, "PRAGMA synchronous;", "2");
            Run(connection, $"PRAGMA wal_autocheckpoint = {StorageLimits.CheckpointPages};");
            Run(connection, $"PRAGMA cache_size = -{StorageLimits.WriterCacheKibibytes};");
            if (options.MaxPages is { } pages) Run(connection, $"PRAGMA max_page_count = {pages};");
            EnsureSchema(connection);
            return await SqliteWriter.OpenAsync(connection, cancel);
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
        var connection = new SqliteConnection(ReaderString());
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <inheritdoc />
    public string? Explain(Exception exception) => exception switch
    {
        SqliteException e => SqliteErrors.Explain(e, file),
        UnauthorizedAccessException or IOException => $"The data folder of {file} cannot be used: {exception.Message}",
        _ => null,
    };

    /// <inheritdoc />
    public bool IsConflict(Exception exception) => exception is SqliteException e && SqliteErrors.IsConflict(e);

    /// <inheritdoc />
    public void CloseReaders()
    {
        using var reader = new SqliteConnection(ReaderString());
        SqliteConnection.ClearPool(reader);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        held?.Dispose();
        held = null;
        return ValueTask.CompletedTask;
    }

    private string ReaderString() => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadOnly,
        DefaultTimeout = StorageLimits.LockedWaitSeconds,
    }.ConnectionString;

    /// <summary>
    /// A file that held data and is empty now was taken away, or a backup is being copied over it: an empty store in
    /// its place would forget every saga.
    /// </summary>
    private void RefuseToBeginAnew()
    {
        var holdsData = new FileInfo(file) is { Exists: true, Length: > 0 };
        if (heldData && !holdsData)
        {
            throw new StoreUnavailableException(
                $"{file} held a database and is gone or empty. Put it back, or a backup, by renaming it into place; "
                + "the engine goes on by itself.");
        }

        heldData = holdsData;
    }

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(options.DataFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data folder {options.DataFolder} cannot be made: {e.Message} Name another with "
                + "Orchestrator:Data.", e);
        }
    }

    private void EnsureSchema(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        var version = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version == SqliteSchema.Version) return;
        if (version > SqliteSchema.Version)
        {
            throw new StoreUnavailableException(
                $"{file} was written by a newer version of Orchestrator (schema {version}; this one knows "
                + $"{SqliteSchema.Version}). Run that version, or name another folder with Orchestrator:Data.");
        }

        using var transaction = connection.BeginTransaction();
        foreach (var step in SqliteSchema.Steps.Skip(version)) Run(connection, step);
        Run(connection, $"PRAGMA user_version = {SqliteSchema.Version};");
        transaction.Commit();
    }

    private void Require(SqliteConnection connection, string pragma, string expected)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        var actual = Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (actual == expected) return;
        throw new StoreUnavailableException(
            $"{file} cannot be written safely: \"{pragma}\" answered {actual} instead of {expected}. Put the data "
            + "folder on a local disk.");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
