using Dapper;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// Writes the rows of a slice that their own clock has undone: on a server in one statement, since each one is a round
/// trip; in the process itself one after the other, with one prepared statement.
/// </summary>
internal static class ExpiredRows
{
    // What an expiry changes. Rows that expire together become alike in all of it but the text and the tries.
    private const string Alike = """
        state = @State, due_at = @DueAt, answer_code = @AnswerCode, next_try_at = @NextTryAt,
        needs_attention = @NeedsAttention, updated_at = @UpdatedAt, settled_at = @SettledAt
        """;

    private const string Given = $"{Alike}, answer_text = given.answer_text, attempts = given.attempts";

    private const string OneRow = $"""
        UPDATE saga_ledger SET {Alike}, answer_text = @AnswerText, attempts = @Attempts
        WHERE saga_id = @SagaId AND step = @Step AND state = @OldState
        """;

    /// <summary>
    /// Writes rows that were read under a lock as held. <see cref="LedgerMovedException" /> when any of them is not as
    /// it was read: then nothing of the transaction may stay.
    /// </summary>
    internal static async Task WriteAsync(LedgerWork work, IReadOnlyList<LedgerRow> rows)
    {
        foreach (var alike in rows.Select(row => LedgerRecord.From(row, LedgerState.Held)).GroupBy(Shared))
        {
            var records = alike.ToList();
            var written = await WriteAlikeAsync(work, records);
            if (written != records.Count) throw new LedgerMovedException(records[0].SagaId, records[0].Step);
        }
    }

    private static Task<int> WriteAlikeAsync(LedgerWork work, List<LedgerRecord> records)
    {
        var parameters = new DynamicParameters(records[0]);
        return records.Count > 1 && work.Dialect.UpdateGiven(
            "saga_ledger", Given, new GivenRows(records, parameters)) is { } together
            ? work.Connection.ExecuteAsync(together, parameters, work.Transaction)
            : work.Connection.ExecuteAsync(OneRow, records, work.Transaction);
    }

    private static (string, long?, string?, long?, int, long, long?) Shared(LedgerRecord row) =>
        (row.State, row.DueAt, row.AnswerCode, row.NextTryAt, row.NeedsAttention, row.UpdatedAt, row.SettledAt);
}
