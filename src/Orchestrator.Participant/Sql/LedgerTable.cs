using System.Data.Common;
using Dapper;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Sql;

/// <summary>Every statement on the ledger's tables, one per method.</summary>
internal sealed class LedgerTable(LedgerDatabase database)
{
    private const string Table = "saga_ledger";
    private const string Key = "saga_id = @SagaId AND step = @Step";
    private const string Due = "settled_at IS NULL AND state = 'held' AND due_at <= @now";
    private const string Columns = """
        saga_id, step, action, kind, state, expires_at, due_at, data, digest, answer, answer_code, answer_text,
        attempts, next_try_at, needs_attention, extended_by, traceparent, ended_at, ended_as, created_at, updated_at,
        settled_at
        """;
    private const string Values = """
        @SagaId, @Step, @Action, @Kind, @State, @ExpiresAt, @DueAt, @Data, @Digest, @Answer, @AnswerCode, @AnswerText,
        @Attempts, @NextTryAt, @NeedsAttention, @ExtendedBy, @TraceParent, @EndedAt, @EndedAs, @CreatedAt, @UpdatedAt,
        @SettledAt
        """;
    private const string Named = """
        saga_id AS SagaId, step AS Step, action AS Action, kind AS Kind, state AS State, expires_at AS ExpiresAt,
        due_at AS DueAt, data AS Data, digest AS Digest, answer AS Answer, answer_code AS AnswerCode,
        answer_text AS AnswerText, attempts AS Attempts, next_try_at AS NextTryAt, needs_attention AS NeedsAttention,
        extended_by AS ExtendedBy, traceparent AS TraceParent, ended_at AS EndedAt, ended_as AS EndedAs,
        created_at AS CreatedAt, updated_at AS UpdatedAt, settled_at AS SettledAt
        """;

    /// <summary>How long a statement waits for a transaction that holds its row, in seconds.</summary>
    private static readonly int Patience = (int)ParticipantLimits.TransactionPatience.TotalSeconds;

    private readonly ISqlDialect dialect = database.Dialect;
    private readonly string glanced = database.Dialect.Glance(Table);
    private readonly string insert = database.Dialect.InsertIfAbsent(Table, Columns, Values, Key);
    private readonly string selectLocked = database.Dialect.SelectLocked(Named, Table, Key);
    private readonly string selectPage = database.Dialect.SelectSome(
        Named, Table, "saga_id >= @SagaId AND (saga_id > @SagaId OR step > @Step)", "saga_id, step");
    private readonly string selectDue =
        database.Dialect.SelectFreeLocked(Named, Table, Due, "due_at DESC, created_at DESC");

    /// <summary>Creates what is missing and gives the ledger's id, made on the first start.</summary>
    internal async Task<Guid> PrepareAsync(CancellationToken cancel)
    {
        var insertId = dialect.InsertIfAbsent("saga_ledger_identity", "id, ledger_id", "1, @ledgerId", "id = 1");
        var ledgerId = await database.RunAsync(
            async work =>
            {
                await work.Connection.ExecuteAsync(dialect.Schema, transaction: work.Transaction);
                // The trace context came later: new tables get it in the same way as those of before.
                if (await work.Connection.ExecuteScalarAsync<long>(dialect.HasTraceParent, null, work.Transaction) == 0)
                    await work.Connection.ExecuteAsync(dialect.AddTraceParent, transaction: work.Transaction);
                await work.Connection.ExecuteAsync(dialect.OutboxSchema, transaction: work.Transaction);
                var fresh = new { ledgerId = Guid.NewGuid().ToString() };
                await work.Connection.ExecuteAsync(insertId, fresh, work.Transaction);
                return await work.Connection.QuerySingleAsync<string>(
                    "SELECT ledger_id FROM saga_ledger_identity WHERE id = 1", transaction: work.Transaction);
            },
            cancel);
        return Guid.Parse(ledgerId);
    }

    /// <summary>
    /// Inserts a row; false when the key is taken, after waiting for a transaction that is taking it.
    /// </summary>
    internal async Task<bool> InsertAsync(LedgerWork work, LedgerRow row) =>
        await work.Connection.ExecuteAsync(insert, LedgerRecord.From(row), work.Transaction, Patience) == 1;

    /// <summary>The row, locked until the transaction ends; null where there is none.</summary>
    internal async Task<LedgerRow?> FindLockedAsync(LedgerWork work, string sagaId, string step)
    {
        var found = await work.Connection.QuerySingleOrDefaultAsync<LedgerRecord>(
            selectLocked, new { SagaId = sagaId, Step = step }, work.Transaction, Patience);
        return found?.ToRow();
    }

    /// <summary>The row as it was last committed; null where there is none.</summary>
    internal static async Task<LedgerRow?> FindAsync(DbConnection connection, string sagaId, string step)
    {
        var found = await connection.QuerySingleOrDefaultAsync<LedgerRecord>(
            $"SELECT {Named} FROM {Table} WHERE {Key}", new { SagaId = sagaId, Step = step }, commandTimeout: Patience);
        return found?.ToRow();
    }

    /// <summary>The rows behind a key as they were last committed, in the order of saga and step.</summary>
    internal async Task<IReadOnlyList<LedgerRow>> ListAsync(
        DbConnection connection, string sagaId, string step, int count)
    {
        var found = await connection.QueryAsync<LedgerRecord>(
            selectPage, new { SagaId = sagaId, Step = step, count }, commandTimeout: Patience);
        return found.Select(record => record.ToRow()).ToList();
    }

    /// <summary>
    /// Writes a row that was read under a lock; <see cref="LedgerMovedException" /> when it is not as it was read.
    /// </summary>
    internal static async Task UpdateAsync(LedgerWork work, LedgerRow row, LedgerState oldState)
    {
        var changed = await work.Connection.ExecuteAsync(
            """
            UPDATE saga_ledger SET state = @State, expires_at = @ExpiresAt, due_at = @DueAt, answer = @Answer,
                answer_code = @AnswerCode, answer_text = @AnswerText, attempts = @Attempts, next_try_at = @NextTryAt,
                needs_attention = @NeedsAttention, extended_by = @ExtendedBy, ended_at = @EndedAt, ended_as = @EndedAs,
                updated_at = @UpdatedAt, settled_at = @SettledAt
            WHERE saga_id = @SagaId AND step = @Step AND state = @OldState
            """,
            LedgerRecord.From(row, oldState), work.Transaction);
        if (changed != 1) throw new LedgerMovedException(row.SagaId, row.Step);
    }

    /// <summary>
    /// A batch of held rows that are due, newest first, locked; those another replica holds are left out.
    /// </summary>
    internal async Task<List<LedgerRow>> FindDueAsync(LedgerWork work, DateTimeOffset now, int count)
    {
        var found = await work.Connection.QueryAsync<LedgerRecord>(
            selectDue, new { now = now.ToUnixTimeMilliseconds(), count }, work.Transaction);
        return found.Select(record => record.ToRow()).ToList();
    }

    /// <summary>When the next held row becomes due; null when nothing is held.</summary>
    internal async Task<DateTimeOffset?> NextDueAsync(DbConnection connection)
    {
        var earliest = await connection.ExecuteScalarAsync<long?>(
            $"SELECT MIN(due_at) FROM {glanced} WHERE settled_at IS NULL AND state = 'held'");
        return earliest is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
    }

    /// <summary>The rows of these sagas that have not heard of the end, locked.</summary>
    internal async Task<List<LedgerRow>> FindUnendedAsync(LedgerWork work, string[] sagaIds)
    {
        var sql = dialect.SelectLocked(
            Named, Table, $"{dialect.IsOneOf("saga_id", "@sagaIds")} AND ended_at IS NULL");
        var found = await work.Connection.QueryAsync<LedgerRecord>(
            sql, new { sagaIds }, work.Transaction, commandTimeout: Patience);
        return found.Select(record => record.ToRow()).ToList();
    }

    /// <summary>Deletes rows that were settled before an instant, at most <paramref name="count" />.</summary>
    internal Task<int> PurgeAsync(LedgerWork work, DateTimeOffset before, int count)
    {
        var sql = dialect.DeleteSome(Table, "settled_at IS NOT NULL AND settled_at < @before");
        return work.Connection.ExecuteAsync(
            sql, new { before = before.ToUnixTimeMilliseconds(), count }, work.Transaction);
    }

    /// <summary>How many rows are held.</summary>
    internal Task<long> CountHeldAsync(DbConnection connection) => connection.ExecuteScalarAsync<long>(
        $"SELECT CAST(COUNT(*) AS BIGINT) FROM {glanced} WHERE settled_at IS NULL AND state = 'held'");

    /// <summary>How many confirmed rows have not heard how their saga ended, and since when the oldest.</summary>
    internal async Task<(long Count, DateTimeOffset? OldestAt)> CountInDoubtAsync(DbConnection connection)
    {
        var (count, oldest) = await connection.QuerySingleAsync<(long Count, long? Oldest)>(
            $"""
            SELECT CAST(COUNT(*) AS BIGINT) AS Count, MIN(updated_at) AS Oldest FROM {glanced}
            WHERE settled_at IS NULL AND state = 'confirmed'
            """);
        return (count, oldest is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null);
    }
}
