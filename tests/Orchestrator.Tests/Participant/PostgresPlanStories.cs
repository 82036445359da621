using Dapper;
using Orchestrator.Participant;
using Orchestrator.Participant.Sql;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// What PostgreSQL makes of the one statement that writes a slice, whatever it believes of the table.
/// </summary>
public sealed class PostgresPlanStories : IDisposable
{
    private const int Slice = 250;

    private readonly ParticipantDatabase database = ParticipantDatabase.Create(LedgerDialect.Postgres);
    private readonly ManualTime clock = new();

    public void Dispose() => database.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_rows_of_a_slice_are_looked_up_by_key_though_the_planner_expects_none_to_be_held(
        bool analyzedWhenNoneWasHeld)
    {
        await using var host = await ParticipantHost.StartAsync(database, clock, new HandlerSwitches());
        database.Execute("ALTER TABLE saga_ledger SET (autovacuum_enabled = off)");
        if (analyzedWhenNoneWasHeld)
        {
            Fill("undone", rows: 2000);
            database.Execute("ANALYZE saga_ledger");
        }

        Fill("held", rows: 10_000);

        var plan = await ExplainAsync(Enumerable.Range(1, Slice).Select(n => $"held{n}"));

        plan.Should().Contain("using saga_ledger_pkey").And.NotContain("Seq Scan on saga_ledger")
            .And.NotContain("Join Filter");
    }

    private void Fill(string state, int rows) => database.Execute(
        $"""
        INSERT INTO saga_ledger (
            saga_id, step, action, kind, state, due_at, data, attempts, needs_attention, created_at,
            updated_at)
        SELECT '{state}' || n, 'reserve-stock', 'reserve', 'compensatable', '{state}', n, '[]', 0, 0, n, n
        FROM generate_series(1, {rows}) AS n
        """);

    private async Task<string> ExplainAsync(IEnumerable<string> sagaIds)
    {
        var parameters = new DynamicParameters();
        var given = new GivenRows(
            [.. sagaIds.Select(id => new LedgerRecord { SagaId = id, Step = "reserve-stock", OldState = "held" })],
            parameters);
        var update = new PostgresDialect().UpdateGiven("saga_ledger", "attempts = given.attempts", given);
        await using var connection = database.Open();
        var lines = await connection.QueryAsync<string>("EXPLAIN (ANALYZE, TIMING OFF) " + update, parameters);
        return string.Join('\n', lines);
    }
}
