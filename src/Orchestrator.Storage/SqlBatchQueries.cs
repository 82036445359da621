using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="IBatchQueries" />.</summary>
internal sealed class SqlBatchQueries(ISqlDialect dialect) : IBatchQueries
{
    /// <inheritdoc />
    public Task<BatchPage> ListAsync(string? actor, string? cursor, int limit, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection =>
            {
                var shown = Math.Clamp(limit, 1, StorageLimits.MaxPage);
                var older = cursor is null ? "" : " AND b.id < @cursor";
                var own = actor is null ? "" : " AND " + dialect.Words.Is("b.actor", "@actor");
                var sql = $"""
                    SELECT {dialect.Words.Top}{BatchData.Columns} FROM batches b WHERE 1 = 1{older}{own}
                    ORDER BY b.id DESC {dialect.Words.Limit}
                    """;
                var rows = (await connection.QueryAsync<BatchData>(new CommandDefinition(
                    sql, new { cursor, actor, limit = shown + 1 }, cancellationToken: cancel))).AsList();
                var more = rows.Count > shown;
                if (more) rows.RemoveAt(rows.Count - 1);
                var tallies = await TalliesAsync(connection, rows, cancel);
                return new BatchPage(
                    rows.ConvertAll(row => row.ToSummary([.. tallies[row.Id]])), more ? rows[^1].Id : null);
            },
            cancel);

    /// <inheritdoc />
    public Task<BatchSummary?> FindAsync(string id, CancellationToken cancel) => dialect.ReadAsync(
        async connection =>
        {
            var sql = $"SELECT {BatchData.Columns} FROM batches b WHERE {dialect.Words.Is("b.id", "@id")}";
            var rows = (await connection.QueryAsync<BatchData>(
                new CommandDefinition(sql, new { id }, cancellationToken: cancel))).AsList();
            if (rows is not [var row]) return null;
            return row.ToSummary([.. (await TalliesAsync(connection, rows, cancel))[row.Id]]);
        },
        cancel);

    /// <inheritdoc />
    public Task<BatchAnswerPage> AnswersAsync(
        string id, BatchFate? fate, string? cursor, int limit, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection =>
            {
                var shown = Math.Clamp(limit, 1, StorageLimits.MaxPage);
                var which = fate is null ? "fate IS NOT NULL" : "fate = @fate";
                var sql = $"""
                    SELECT {dialect.Words.Top}saga_id AS SagaId, fate AS Fate, code AS Code, said AS Said,
                      done_at AS DoneAt
                    FROM batch_items
                    WHERE {dialect.Words.Is("batch", "@id")} AND {which} AND saga_id > @after
                    ORDER BY saga_id {dialect.Words.Limit}
                    """;
                var rows = (await connection.QueryAsync<BatchItemData>(new CommandDefinition(
                    sql, new { id, fate = (int?)fate, after = cursor ?? "", limit = shown + 1 },
                    cancellationToken: cancel))).AsList();
                var more = rows.Count > shown;
                if (more) rows.RemoveAt(rows.Count - 1);
                return new BatchAnswerPage(rows.ConvertAll(row => row.ToAnswer(id)), more ? rows[^1].SagaId : null);
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaSummary>> SagasAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<SagaSummary>>(
            async connection =>
            {
                var found = new List<SagaSummary>(ids.Count);
                foreach (var some in ids.Chunk(StorageLimits.MaxSagasPerQuery))
                {
                    var parameters = new DynamicParameters();
                    var sql = $"""
                        SELECT {SagaRows.Columns} FROM sagas s WHERE s.id IN ({ValueList.Add(parameters, some)})
                        """;
                    var rows = await connection.QueryAsync<SagaRowData>(
                        new CommandDefinition(sql, parameters, cancellationToken: cancel));
                    found.AddRange(rows.Select(row => row.ToSummary()));
                }

                return found;
            },
            cancel);

    private static async Task<ILookup<string, BatchTally>> TalliesAsync(
        System.Data.Common.DbConnection connection, List<BatchData> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return Enumerable.Empty<BatchTally>().ToLookup(tally => tally.Batch);
        var parameters = new DynamicParameters();
        var sql = $"""
            SELECT batch AS Batch, fate AS Fate, CAST(COUNT(*) AS BIGINT) AS Count
            FROM batch_items WHERE batch IN ({ValueList.Add(parameters, rows.ConvertAll(row => row.Id))})
            GROUP BY batch, fate
            """;
        var tallies = await connection.QueryAsync<BatchTally>(
            new CommandDefinition(sql, parameters, cancellationToken: cancel));
        return tallies.ToLookup(tally => tally.Batch);
    }
}
