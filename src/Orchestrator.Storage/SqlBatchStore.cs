using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="IBatchStore" />.</summary>
internal sealed class SqlBatchStore(ISqlDialect dialect, StoreOwner owner) : IBatchStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<RunningBatch>> RunningAsync(CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<RunningBatch>>(
            async connection =>
            {
                const string sql = $"""
                    SELECT {BatchData.Columns},
                      (SELECT CAST(COUNT(*) AS BIGINT) FROM batch_items i WHERE i.batch = b.id AND i.fate IS NULL)
                        AS Waiting
                    FROM batches b WHERE b.ended_at IS NULL ORDER BY b.id
                    """;
                var me = owner.Token;
                var rows = await connection.QueryAsync<BatchData>(
                    new CommandDefinition(sql, cancellationToken: cancel));
                return [.. rows.Select(row => new RunningBatch(row.ToRow(), row.Owner == me, row.Waiting))];
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> NextAsync(string batch, string after, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<string>>(
            async connection =>
            {
                // A live saga belongs to its owner, any other one to the batch's.
                var sql = $"""
                    SELECT {dialect.Words.Top}i.saga_id FROM batch_items i
                    JOIN batches b ON b.id = i.batch
                    LEFT JOIN sagas s ON s.id = i.saga_id AND (s.ended_at IS NULL OR s.unverified = 1)
                    WHERE i.batch = @batch AND i.fate IS NULL AND i.saga_id > @after AND b.ended_at IS NULL
                      AND COALESCE(s.owner, b.owner) = @me
                    ORDER BY i.saga_id {dialect.Words.Limit}
                    """;
                var values = new { batch, after, me = owner.Token, limit };
                var ids = await connection.QueryAsync<string>(
                    new CommandDefinition(sql, values, cancellationToken: cancel));
                return ids.AsList();
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindOldAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<string>>(
            async connection =>
            {
                var sql = $"""
                    SELECT {dialect.Words.Top}id FROM batches WHERE ended_at < @before
                    ORDER BY id {dialect.Words.Limit}
                    """;
                var values = new { before = endedBefore.ToUnixTimeMilliseconds(), limit };
                var ids = await connection.QueryAsync<string>(
                    new CommandDefinition(sql, values, cancellationToken: cancel));
                return ids.AsList();
            },
            cancel);
}
