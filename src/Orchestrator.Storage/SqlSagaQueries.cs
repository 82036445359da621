using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="ISagaQueries" />.</summary>
internal sealed class SqlSagaQueries(ISqlDialect dialect) : ISagaQueries
{
    /// <summary>
    /// The live ones by their own index, for which their phases are named; the ended ones from an index alone.
    /// </summary>
    internal static string CountSql(SqlWords words) => $"""
        SELECT definition AS Definition, phase AS Phase, count(*) AS Count, min(started_at) AS OldestStartedAt
        FROM sagas WHERE ended_at IS NULL AND phase IN (0, 1, 2, 3, 4) GROUP BY phase, {words.Unindexed}definition
        UNION ALL
        SELECT definition, phase, count(*), min(started_at)
        FROM sagas WHERE ended_at IS NOT NULL GROUP BY phase, definition
        """;

    /// <inheritdoc />
    public Task<SagaPage> ListAsync(SagaFilter filter, CancellationToken cancel)
    {
        var query = new ListQuery(filter, dialect.Words);
        return dialect.ReadAsync(
            async connection =>
            {
                var rows = (await connection.QueryAsync<SagaRowData>(
                    new CommandDefinition(query.Sql, query.Parameters, cancellationToken: cancel))).AsList();
                var more = rows.Count > query.Limit;
                if (more) rows.RemoveAt(rows.Count - 1);
                return new SagaPage(
                    rows.ConvertAll(row => row.ToSummary()),
                    more ? rows[^1].No.ToString(CultureInfo.InvariantCulture) : null);
            },
            cancel);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaCount>> CountAsync(CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<SagaCount>>(
        async connection =>
        {
            var rows = await connection.QueryAsync<CountData>(
                new CommandDefinition(CountSql(dialect.Words), cancellationToken: cancel));
            return [.. rows
                .Select(row => new SagaCount(
                    row.Definition, (SagaPhase)row.Phase, row.Count, SagaRows.Instant(row.OldestStartedAt)))
                .OrderBy(row => row.Definition, StringComparer.Ordinal).ThenBy(row => row.Phase)];
        },
        cancel);

    /// <inheritdoc />
    public Task<SagaAttention> AttentionAsync(DateTimeOffset now, CancellationToken cancel) => dialect.ReadAsync(
        async connection => (await connection.QuerySingleAsync<AttentionData>(new CommandDefinition(
            AttentionData.Sql, new { now = now.ToUnixTimeMilliseconds() }, cancellationToken: cancel))).ToAttention(),
        cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<VersionCount>> CountVersionsAsync(string definition, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<VersionCount>>(
            async connection =>
            {
                const string sql = """
                    SELECT definition_version AS Version,
                      CAST(SUM(CASE WHEN ended_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS Live,
                      CAST(COUNT(*) AS BIGINT) AS Total
                    FROM sagas WHERE definition = @definition GROUP BY definition_version
                    """;
                var rows = await connection.QueryAsync<VersionData>(
                    new CommandDefinition(sql, new { definition }, cancellationToken: cancel));
                return [.. rows.Select(row => new VersionCount((int)row.Version, row.Live, row.Total))];
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaEvent>?> HistoryAsync(string sagaId, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<SagaEvent>?>(
            async connection =>
            {
                var sql = $"""
                    SELECT h.body FROM sagas s JOIN history h ON h.saga = s.no
                    WHERE {dialect.Words.Is("s.id", "@sagaId")} ORDER BY h.seq
                    """;
                var bodies = (await connection.QueryAsync<byte[]>(
                    new CommandDefinition(sql, new { sagaId }, cancellationToken: cancel))).AsList();
                return bodies.Count == 0
                    ? null
                    : bodies.SelectMany(body => SagaEventJson.Read(body)).ToImmutableArray();
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaChange>> ChangesAsync(
        long after, string? sagaId, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<SagaChange>>(
            async connection =>
            {
                // The history has the number of every change already; a column for it would cost an index per saga.
                var sql = sagaId is null
                    ? $"""
                      SELECT {dialect.Words.Top}h.no AS Change, {SagaRows.Columns}
                      FROM history h JOIN sagas s ON s.no = h.saga
                      WHERE h.no > @after ORDER BY h.no {dialect.Words.Limit}
                      """
                    : $"""
                      SELECT {dialect.Words.Top}h.no AS Change, {SagaRows.Columns}
                      FROM sagas s JOIN history h ON h.saga = s.no
                      WHERE {dialect.Words.Is("s.id", "@sagaId")} AND h.no > @after ORDER BY h.no {dialect.Words.Limit}
                      """;
                var parameters = new { after, sagaId, limit = Math.Clamp(limit, 1, StorageLimits.MaxRows) };
                var rows = (await connection.QueryAsync<ChangeData, SagaRowData, (long Change, SagaRowData Row)>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancel),
                    (change, row) => (change.Change, row),
                    splitOn: "No")).AsList();
                return LastOfEach(rows);
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<MinuteFigures>> CountMinutesAsync(DateTimeOffset from, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection =>
            {
                var values = new { since = from.ToUnixTimeMilliseconds() };
                var ended = await connection.QueryAsync<MinuteData>(
                    new CommandDefinition(MinuteData.EndedSql, values, cancellationToken: cancel));
                var started = await connection.QueryAsync<MinuteData>(
                    new CommandDefinition(MinuteData.StartedSql, values, cancellationToken: cancel));
                return MinuteData.ToFigures(ended, started);
            },
            cancel);

    /// <inheritdoc />
    public Task<StoredStart?> FindStartAsync(StartKey key, CancellationToken cancel) => dialect.ReadAsync(
        async connection =>
        {
            const string sql = """
                SELECT definition AS Definition, "key" AS "Key", digest AS Digest, saga_id AS SagaId FROM starts
                WHERE definition = @Definition AND "key" = @Key
                """;
            var row = await connection.QuerySingleOrDefaultAsync<StartData>(
                new CommandDefinition(sql, new { key.Definition, key.Key }, cancellationToken: cancel));
            return row is null ? null : new StoredStart(key, row.Digest, row.SagaId);
        },
        cancel);

    /// <summary>A saga that changed several times is shown once, at its last number of the page.</summary>
    private static List<SagaChange> LastOfEach(List<(long Change, SagaRowData Row)> rows)
    {
        var last = new Dictionary<long, long>();
        foreach (var (change, row) in rows) last[row.No] = change;
        return [.. rows.Where(row => last[row.Row.No] == row.Change)
            .Select(row => new SagaChange(row.Change, row.Row.ToSummary()))];
    }

    private sealed class CountData
    {
        public string Definition { get; set; } = "";

        public int Phase { get; set; }

        public long Count { get; set; }

        public long OldestStartedAt { get; set; }
    }

    private sealed class VersionData
    {
        public long Version { get; set; }

        public long Live { get; set; }

        public long Total { get; set; }
    }

    private sealed class ChangeData
    {
        public long Change { get; set; }
    }
}
