using Dapper;
using Orchestrator.Contract;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="IAlertStore" />.</summary>
internal sealed class SqlAlertStore(ISqlDialect dialect) : IAlertStore
{
    private const string Stuck = "s.stuck = 1 AND s.ended_at IS NULL";
    private const string InDoubt = "s.in_doubt = 1 AND s.ended_at IS NULL";
    private const string Overdue = "s.phase IN (0, 1, 4) AND s.expires_at <= @overdueAt AND s.ended_at IS NULL";

    /// <inheritdoc />
    public Task<AlertScan> ScanAsync(DateTimeOffset overdueAt, int limit, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection =>
            {
                var wanting = new List<(SagaSummary Saga, AlertReason Reason)>();
                var at = overdueAt.ToUnixTimeMilliseconds();
                foreach (var (reason, condition) in new[]
                {
                    (AlertReason.Stuck, Stuck), (AlertReason.InDoubt, InDoubt), (AlertReason.Overdue, Overdue),
                })
                {
                    var sql = $"""
                        SELECT {dialect.Words.Top}{SagaRows.Columns} FROM sagas s
                        WHERE {condition} AND NOT EXISTS (
                          SELECT 1 FROM alerts a WHERE a.saga_id = s.id AND a.reason = @reason)
                        ORDER BY s.no {dialect.Words.Limit}
                        """;
                    var parameters = new { overdueAt = at, reason = (int)reason, limit };
                    var rows = await connection.QueryAsync<SagaRowData>(
                        new CommandDefinition(sql, parameters, cancellationToken: cancel));
                    wanting.AddRange(rows.Select(row => (row.ToSummary(), reason)));
                }

                return new AlertScan(wanting, await OverAsync(connection, at, limit, cancel));
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<AlertNews>> ReadAsync(long after, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<AlertNews>>(
            async connection =>
            {
                var sql = $"""
                    SELECT {dialect.Words.Top}no AS No, id AS Id, reason AS Reason, cleared AS Cleared, at AS At,
                      data AS Data
                    FROM alert_news WHERE no > @after ORDER BY no {dialect.Words.Limit}
                    """;
                var rows = await connection.QueryAsync<NewsData>(
                    new CommandDefinition(sql, new { after, limit }, cancellationToken: cancel));
                return [.. rows.Select(row => new AlertNews(
                    row.No, row.Id, (AlertReason)row.Reason, row.Cleared, SagaRows.Instant(row.At),
                    JsonData.FromText(row.Data)))];
            },
            cancel);

    /// <inheritdoc />
    public Task<(IReadOnlyList<AlertCursor> Cursors, long Last)> ReadCursorsAsync(CancellationToken cancel) =>
        dialect.ReadAsync<(IReadOnlyList<AlertCursor> Cursors, long Last)>(
            async connection =>
            {
                const string sql = """
                    SELECT target AS Target, no AS No, delivered_at AS DeliveredAt, failed_at AS FailedAt,
                      error AS Error
                    FROM alert_cursors ORDER BY target
                    """;
                var rows = await connection.QueryAsync<CursorData>(
                    new CommandDefinition(sql, cancellationToken: cancel));
                var last = await connection.ExecuteScalarAsync<long?>(
                    new CommandDefinition("SELECT MAX(no) FROM alert_news", cancellationToken: cancel));
                return ([.. rows.Select(row => new AlertCursor(
                    row.Target, row.No, Instant(row.DeliveredAt), Instant(row.FailedAt), row.Error))], last ?? 0);
            },
            cancel);

    /// <inheritdoc />
    public Task<long> CountAsync(long after, IReadOnlyCollection<AlertReason> reasons, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection => await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                $"""
                SELECT CAST(COUNT(*) AS BIGINT) FROM alert_news
                WHERE no > @after AND reason IN ({string.Join(", ", reasons.Select(reason => (int)reason))})
                """,
                new { after },
                cancellationToken: cancel)),
            cancel);

    private async Task<IReadOnlyList<AlertOver>> OverAsync(
        System.Data.Common.DbConnection connection, long overdueAt, int limit, CancellationToken cancel)
    {
        var sql = $"""
            SELECT {dialect.Words.Top}a.saga_id AS AlertSaga, a.reason AS AlertFor, a.raised_at AS RaisedAt,
              {SagaRows.Columns}
            FROM alerts a LEFT JOIN sagas s ON s.id = a.saga_id
            WHERE s.no IS NULL
              OR (a.reason = {(int)AlertReason.Stuck} AND NOT ({Stuck}))
              OR (a.reason = {(int)AlertReason.InDoubt} AND NOT ({InDoubt}))
              OR (a.reason = {(int)AlertReason.Overdue} AND NOT ({Overdue}))
            ORDER BY a.raised_at, a.saga_id {dialect.Words.Limit}
            """;
        var rows = await connection.QueryAsync<OpenData, SagaRowData?, AlertOver>(
            new CommandDefinition(sql, new { overdueAt, limit }, cancellationToken: cancel),
            (open, saga) => new AlertOver(
                open.AlertSaga, (AlertReason)open.AlertFor, SagaRows.Instant(open.RaisedAt), saga?.ToSummary()),
            "No");
        return rows.AsList();
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } known ? SagaRows.Instant(known) : null;

    private sealed class OpenData
    {
        public string AlertSaga { get; set; } = "";

        public int AlertFor { get; set; }

        public long RaisedAt { get; set; }
    }

    private sealed class NewsData
    {
        public long No { get; set; }

        public string Id { get; set; } = "";

        public int Reason { get; set; }

        public bool Cleared { get; set; }

        public long At { get; set; }

        public string Data { get; set; } = "";
    }

    private sealed class CursorData
    {
        public string Target { get; set; } = "";

        public long No { get; set; }

        public long? DeliveredAt { get; set; }

        public long? FailedAt { get; set; }

        public string? Error { get; set; }
    }
}
