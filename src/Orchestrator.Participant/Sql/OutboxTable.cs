using System.Data.Common;
using Dapper;
using Orchestrator.Participant.PubSub;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// Every statement on the outbox, one per method. Its columns are those of Debezium's outbox event router.
/// </summary>
internal sealed class OutboxTable(LedgerDatabase database)
{
    private const string Named = """
        seq AS Seq, id AS Id, aggregatetype AS AggregateType, aggregateid AS AggregateId, type AS Type,
        payload AS Payload, contenttype AS ContentType, traceparent AS TraceParent, occurred_at AS OccurredAt,
        attempts + 1 AS Attempts
        """;

    // Only the oldest row of a saga may go out; the next one follows once it is gone.
    private const string Ready = """
        next_try_at <= @now AND NOT EXISTS (
            SELECT 1 FROM saga_outbox earlier
            WHERE earlier.aggregateid = message.aggregateid AND earlier.seq < message.seq)
        """;

    private readonly string glanced = database.Dialect.Glance("saga_outbox");
    private readonly string isTaken = database.Dialect.IsOneOf("seq", "@seqs");
    private readonly string selectReady = database.Dialect.SelectFreeLocked(Named, "saga_outbox message", Ready, "seq");

    /// <summary>Adds a row in the transaction that decided the event.</summary>
    internal static Task<int> InsertAsync(LedgerWork work, OutboxMessage message) => work.Connection.ExecuteAsync(
        """
        INSERT INTO saga_outbox (id, aggregatetype, aggregateid, type, payload, contenttype, traceparent, occurred_at,
            attempts, next_try_at)
        VALUES (@Id, @AggregateType, @AggregateId, @Type, @Payload, @ContentType, @TraceParent, @OccurredAt, 0, 0)
        """,
        message, work.Transaction);

    /// <summary>
    /// Takes the oldest rows that may go out, one per saga, and keeps them from other replicas until
    /// <paramref name="until" />: a replica that dies meanwhile loses nothing.
    /// </summary>
    internal async Task<List<OutboxMessage>> TakeAsync(
        LedgerWork work, DateTimeOffset now, DateTimeOffset until, int count)
    {
        var ready = (await work.Connection.QueryAsync<OutboxMessage>(
            selectReady, new { now = now.ToUnixTimeMilliseconds(), count }, work.Transaction)).AsList();
        if (ready.Count > 0)
        {
            await work.Connection.ExecuteAsync(
                $"UPDATE saga_outbox SET attempts = attempts + 1, next_try_at = @until WHERE {isTaken}",
                new { until = until.ToUnixTimeMilliseconds(), seqs = ready.Select(message => message.Seq).ToArray() },
                work.Transaction);
        }

        return ready;
    }

    /// <summary>Deletes rows the broker has acknowledged.</summary>
    internal Task<int> DeleteAsync(LedgerWork work, long[] seqs) => seqs.Length == 0
        ? Task.FromResult(0)
        : work.Connection.ExecuteAsync($"DELETE FROM saga_outbox WHERE {isTaken}", new { seqs }, work.Transaction);

    /// <summary>Says when a row may be tried again.</summary>
    internal static Task<int> SetAsideAsync(LedgerWork work, long seq, DateTimeOffset nextTryAt) =>
        work.Connection.ExecuteAsync(
        "UPDATE saga_outbox SET next_try_at = @nextTryAt WHERE seq = @seq",
        new { seq, nextTryAt = nextTryAt.ToUnixTimeMilliseconds() }, work.Transaction);

    /// <summary>Deletes rows that are older than an instant, at most <paramref name="count" />.</summary>
    internal static Task<int> PurgeAsync(LedgerWork work, DateTimeOffset before, int count) =>
        work.Connection.ExecuteAsync(
        """
        DELETE FROM saga_outbox WHERE occurred_at < @before
            AND seq < (SELECT MIN(oldest.seq) FROM saga_outbox oldest) + @count
        """,
        new { before = before.ToUnixTimeMilliseconds(), count }, work.Transaction);

    /// <summary>True when nothing waits; looks at one row.</summary>
    internal async Task<bool> IsEmptyAsync(DbConnection connection) =>
        await connection.ExecuteScalarAsync<long?>($"SELECT MIN(seq) FROM {glanced}") is null;

    /// <summary>How many rows wait, and since when the oldest.</summary>
    internal async Task<(long Count, DateTimeOffset? OldestAt)> CountAsync(DbConnection connection)
    {
        var (count, oldest) = await connection.QuerySingleAsync<(long Count, long? Oldest)>(
            $"SELECT CAST(COUNT(*) AS BIGINT) AS Count, MIN(occurred_at) AS Oldest FROM {glanced}");
        return (count, oldest is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null);
    }
}
