using System.Globalization;
using Dapper;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>Writes many held rows at once, as so many <c>do</c> would have.</summary>
internal static class LedgerRows
{
    public static string SagaId(int number) => "s" + number.ToString("D6", CultureInfo.InvariantCulture);

    public static void FillWithHeld(ParticipantDatabase database, TimeProvider clock, int rows, string prefix = "s")
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var expiresAt = now + (long)Commands.Hold.TotalMilliseconds;
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            """
            INSERT INTO saga_ledger (saga_id, step, action, kind, state, expires_at, due_at, data, digest, answer,
                attempts, needs_attention, created_at, updated_at)
            VALUES (@id, 'reserve-stock', 'reserve', 'compensatable', 'held', @expiresAt, @expiresAt,
                '{"sku":"A1","quantity":1}', 'd', '{"id":"r"}', 0, 0, @createdAt, @createdAt)
            """,
            Enumerable.Range(0, rows).Select(n => new
            {
                id = prefix + n.ToString("D6", CultureInfo.InvariantCulture),
                expiresAt,
                createdAt = now + n,
            }),
            transaction);
        connection.Execute("UPDATE stock SET available = available - @rows", new { rows }, transaction);
        transaction.Commit();
    }
}
