using Dapper;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// Rows that go into one statement as a table <c>given</c>: their keys, and what each of them gets of its own.
/// </summary>
internal sealed class GivenRows(IReadOnlyList<LedgerRecord> rows, DynamicParameters parameters)
{
    /// <summary>A parameter for each value. Another number of rows is another text.</summary>
    internal string ByValues()
    {
        var values = new List<string>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            parameters.Add($"SagaId{i}", rows[i].SagaId);
            parameters.Add($"Step{i}", rows[i].Step);
            parameters.Add($"AnswerText{i}", rows[i].AnswerText);
            parameters.Add($"Attempts{i}", rows[i].Attempts);
            values.Add($"(@SagaId{i}, @Step{i}, @AnswerText{i}, @Attempts{i})");
        }

        return $"(VALUES {string.Join(", ", values)}) AS given (saga_id, step, answer_text, attempts)";
    }

    /// <summary>
    /// An array for each column, the state the rows must still have among them: one short text for any number of rows.
    /// PostgreSQL does not see how long an array is that comes out of a select. It expects ten rows and looks them up
    /// by their key, where for the whole slice it would rather read a table of tens of thousands.
    /// </summary>
    internal string ByArrays()
    {
        parameters.Add("SagaIds", rows.Select(row => row.SagaId).ToArray());
        parameters.Add("Steps", rows.Select(row => row.Step).ToArray());
        parameters.Add("OldStates", rows.Select(row => row.OldState).ToArray());
        parameters.Add("AnswerTexts", rows.Select(row => row.AnswerText).ToArray());
        parameters.Add("AllAttempts", rows.Select(row => row.Attempts).ToArray());
        return """
            unnest(
                (SELECT @SagaIds), (SELECT @Steps), (SELECT @OldStates), (SELECT @AnswerTexts), (SELECT @AllAttempts))
            AS given (saga_id, step, old_state, answer_text, attempts)
            """;
    }
}
