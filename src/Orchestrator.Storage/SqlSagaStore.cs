using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>
/// The store on any database: one connection that writes, others that read. See <see cref="ISagaStore" />.
/// </summary>
internal sealed class SqlSagaStore(ISqlDialect dialect) : ISagaStore
{
    private DbConnection? connection;
    private CommitWriter? writer;

    /// <inheritdoc />
    public async Task<long> OpenAsync(CancellationToken cancel)
    {
        try
        {
            await CloseAsync();
            connection = await dialect.OpenWriterAsync(cancel);
            writer = new CommitWriter(connection);
            return await connection.ExecuteScalarAsync<long>(
                new CommandDefinition("SELECT no FROM head", cancellationToken: cancel));
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            await CloseAsync();
            throw new StoreUnavailableException(text, e);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredSaga> LoadLiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        const string sql = """
            SELECT s.no, s.id, s.definition, s.definition_version, h.body
            FROM sagas s JOIN history h ON h.saga = s.no
            WHERE s.ended_at IS NULL OR s.unverified = 1
            ORDER BY s.no, h.seq
            """;
        await using var reader = await ReadRowsAsync(sql, cancel);
        StoredSaga? saga = null;
        var turns = new List<ReadOnlyMemory<byte>>();
        while (await NextAsync(reader, cancel))
        {
            if (saga is null || saga.No != reader.GetInt64(0))
            {
                if (saga is not null) yield return saga;
                turns = [];
                saga = new StoredSaga(
                    reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), turns);
            }

            turns.Add(reader.GetFieldValue<byte[]>(4));
        }

        if (saga is not null) yield return saga;
    }

    /// <inheritdoc />
    public Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel) => dialect.ReadAsync(
        async connection =>
        {
            const string sql = """
                SELECT s.no AS No, s.definition AS Definition, s.definition_version AS DefinitionVersion, h.body AS Body
                FROM sagas s JOIN history h ON h.saga = s.no
                WHERE s.id = @sagaId
                ORDER BY h.seq
                """;
            var rows = (await connection.QueryAsync<TurnData>(
                new CommandDefinition(sql, new { sagaId }, cancellationToken: cancel))).AsList();
            if (rows.Count == 0) return null;
            var turns = rows.ConvertAll(row => new ReadOnlyMemory<byte>(row.Body));
            return new StoredSaga(rows[0].No, sagaId, rows[0].Definition, rows[0].DefinitionVersion, turns);
        },
        cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredStart>> FindStartsAsync(
        IReadOnlyCollection<StartKey> keys, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<StoredStart>>(
            async connection =>
            {
                const string sql = """
                    SELECT digest AS Digest, saga_id AS SagaId FROM starts WHERE definition = @Definition AND key = @Key
                    """;
                var found = new List<StoredStart>();
                foreach (var key in keys)
                {
                    var row = await connection.QuerySingleOrDefaultAsync<StartData>(
                        new CommandDefinition(sql, new { key.Definition, key.Key }, cancellationToken: cancel));
                    if (row is not null) found.Add(new StoredStart(key, row.Digest, row.SagaId));
                }

                return found;
            },
            cancel);

    /// <inheritdoc />
    public async Task CommitAsync(StoreCommit commit, CancellationToken cancel)
    {
        if (connection is null || writer is null) throw new StoreUnavailableException("The store is not open.");
        DbTransaction? transaction = null;
        var committing = false;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancel);
            writer.Write(commit, transaction);
            committing = true;
            await transaction.CommitAsync(CancellationToken.None);
            await transaction.DisposeAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await AbandonAsync(transaction);
            if (e is StoreUnavailableException) throw;
            var text = dialect.Explain(e);
            if (text is null) throw;
            if (dialect.IsConflict(e)) throw new StoreConflictException(text, e);
            throw new StoreUnavailableException(text, e) { FateUnknown = committing };
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        dialect.CloseReaders();
        await CloseAsync();
        await dialect.DisposeAsync();
    }

    /// <summary>Whatever failed, the connection is not trusted any more: the next open makes a new one.</summary>
    private async Task AbandonAsync(DbTransaction? transaction)
    {
        try
        {
            if (transaction is not null) await transaction.DisposeAsync();
            await CloseAsync();
        }
        catch (DbException)
        {
            // The rollback fails for the reason the commit did, which is the one to report.
            connection = null;
            writer = null;
        }
    }

    private async Task CloseAsync()
    {
        writer?.Dispose();
        writer = null;
        if (connection is not null) await connection.DisposeAsync();
        connection = null;
    }

    private async Task<DbDataReader> ReadRowsAsync(string sql, CancellationToken cancel)
    {
        try
        {
            return await connection!.ExecuteReaderAsync(new CommandDefinition(sql, cancellationToken: cancel));
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            throw new StoreUnavailableException(text, e);
        }
    }

    private async Task<bool> NextAsync(DbDataReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(cancel);
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            throw new StoreUnavailableException(text, e);
        }
    }

    private sealed class TurnData
    {
        public long No { get; set; }

        public string Definition { get; set; } = "";

        public int DefinitionVersion { get; set; }

        public byte[] Body { get; set; } = [];
    }
}
