using Dapper;
using Orchestrator.Participant;

namespace Shop.Serving;

/// <summary>
/// Every effect a handler had, written in the handler's own transaction. No key forbids a second one: what the protocol
/// promises is proved here, not hidden by a constraint.
/// </summary>
internal sealed class Effects(TimeProvider clock, ILogger<Effects> logger)
{
    internal const string Done = "done";
    internal const string Confirmed = "confirmed";
    internal const string Undone = "undone";

    internal const string Schema = """

        CREATE TABLE IF NOT EXISTS effects (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            saga_id TEXT NOT NULL,
            step TEXT NOT NULL,
            effect TEXT NOT NULL,
            asked_by TEXT NOT NULL,
            subject TEXT NOT NULL,
            change INTEGER NOT NULL,
            at TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS effects_of_saga ON effects (saga_id);
        """;

    /// <summary>Maps <c>GET /effects?saga=</c>: what happened here, in order, of one saga or of all.</summary>
    internal static void MapRead(WebApplication app, ShopDatabase database) =>
        app.MapGet("/effects", async (string? saga, CancellationToken cancel) => new EffectList(
            await database.ListAsync<Effect>(
                """
                SELECT seq AS Seq, saga_id AS SagaId, step AS Step, effect AS Name, asked_by AS AskedBy,
                    subject AS Subject, change AS Change, at AS At
                FROM effects WHERE @saga IS NULL OR saga_id = @saga ORDER BY seq
                """,
                new { saga }, cancel)));

    /// <summary>The action ran; <paramref name="change" /> is what it did to the subject's number.</summary>
    internal Task DidAsync<T>(SagaCall<T> call, string subject, long change) =>
        WriteAsync(call, Done, "command", subject, change);

    /// <summary>The step was confirmed.</summary>
    internal Task ConfirmedAsync<TData, TOutput>(SagaCall<TData, TOutput> call, string subject) =>
        WriteAsync(call, Confirmed, "command", subject, 0);

    /// <summary>The step was undone, by the orchestrator's command or by the service's own clock.</summary>
    internal Task UndidAsync<TData, TOutput>(SagaCall<TData, TOutput> call, string subject, long change)
    {
        if (call.ByExpiry) Log.UndoesByItself(logger, call.Step, call.SagaId);
        return WriteAsync(call, Undone, call.ByExpiry ? "expiry" : "command", subject, change);
    }

    private Task<int> WriteAsync<T>(SagaCall<T> call, string effect, string askedBy, string subject, long change) =>
        call.Connection.ExecuteAsync(
            """
            INSERT INTO effects (saga_id, step, effect, asked_by, subject, change, at)
            VALUES (@SagaId, @Step, @effect, @askedBy, @subject, @change, @at)
            """,
            new { call.SagaId, call.Step, effect, askedBy, subject, change, at = clock.GetUtcNow().ToString("O") },
            call.Transaction);
}

/// <summary>An effect as it is read.</summary>
internal sealed record Effect(
    long Seq, string SagaId, string Step, string Name, string AskedBy, string Subject, long Change, string At);

/// <summary>Effects as they are read.</summary>
internal sealed record EffectList(IReadOnlyList<Effect> Items);
