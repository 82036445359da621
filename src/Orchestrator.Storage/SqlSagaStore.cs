using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage;

/// <summary>
/// The store on any database: one connection that writes, others that read. See <see cref="ISagaStore" />.
/// </summary>
internal sealed class SqlSagaStore(ISqlDialect dialect, StoreOwner owner) : ISagaStore
{
    private IStoreWriter? writer;
    private (StoreCommit Commit, long Owner, long Before)? uncertain;
    private long last;

    /// <inheritdoc />
    public async Task<long> OpenAsync(CancellationToken cancel)
    {
        try
        {
            await CloseAsync();
            writer = await dialect.OpenWriterAsync(cancel);
            owner.Token = writer.Owner;
            // Entering refuses what is still on its way, and only a commit of this owner moves its last number. How
            // often the owner had to enter until its connection held says nothing.
            if (uncertain is { } sent && sent.Owner == writer.Owner && writer.Commits >= 0
                && writer.LastNumber > sent.Before)
                sent.Commit.MoveTo(writer.LastNumber);
            uncertain = null;
            last = writer.LastNumber;
            return last;
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            await AbandonAsync();
            throw new StoreUnavailableException(text, e);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredSaga> LoadLiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        const string sql = """
            SELECT s.no, s.id, s.definition, s.definition_version, h.body
            FROM sagas s JOIN history h ON h.saga = s.no
            WHERE (s.ended_at IS NULL OR s.unverified = 1) AND s.owner = @Token
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
            var sql = $"""
                SELECT s.no AS No, s.definition AS Definition, s.definition_version AS DefinitionVersion, h.body AS Body
                FROM sagas s JOIN history h ON h.saga = s.no
                WHERE {dialect.Words.Is("s.id", "@sagaId")}
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
                var found = new List<StoredStart>();
                foreach (var (sql, parameters) in StartQuery.For(keys))
                {
                    var rows = await connection.QueryAsync<StartData>(
                        new CommandDefinition(sql, parameters, cancellationToken: cancel));
                    found.AddRange(rows.Select(
                        row => new StoredStart(new StartKey(row.Definition, row.Key), row.Digest, row.SagaId)));
                }

                return found;
            },
            cancel);

    /// <inheritdoc />
    public async Task CommitAsync(StoreCommit commit, CancellationToken cancel)
    {
        if (writer is null) throw new StoreUnavailableException("The store is not open.");
        try
        {
            await writer.WriteAsync(commit, cancel);
            last = commit.Number;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var unknown = writer.FateUnknown;
            if (unknown) uncertain = (commit, writer.Owner, last);
            await AbandonAsync();
            if (e is StoreUnavailableException) throw;
            var text = dialect.Explain(e);
            if (text is null) throw;
            if (dialect.IsConflict(e)) throw new StoreConflictException(text, e);
            throw new StoreUnavailableException(text, e) { FateUnknown = unknown };
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        dialect.CloseReaders();
        await AbandonAsync();
        await dialect.DisposeAsync();
    }

    /// <summary>Whatever failed, the connection is not trusted any more: the next open makes a new one.</summary>
    private async Task AbandonAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (DbException)
        {
            // It fails for the reason the commit did, which is the one to report.
            writer = null;
        }
    }

    private async Task CloseAsync()
    {
        var open = writer;
        writer = null;
        if (open is not null) await open.DisposeAsync();
    }

    private async Task<DbDataReader> ReadRowsAsync(string sql, CancellationToken cancel)
    {
        try
        {
            return await writer!.Connection.ExecuteReaderAsync(
                new CommandDefinition(sql, new { owner.Token }, cancellationToken: cancel));
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
