using System.Text.Json;
using Dapper;
using Orchestrator.Participant;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Participating;

/// <summary>What a step receives.</summary>
internal sealed record Order(string Saga, long Amount, string? From = null);

/// <summary>What it answers.</summary>
internal sealed record Receipt(string Id, long Amount);

/// <summary>
/// The handlers a user of the library would write: each keeps one row per step of a saga and a balance. It tells the
/// world when it is asked for something it must never be asked for.
/// </summary>
internal sealed class Business(World world)
{
    /// <summary>The actions there are; every participant has all of them.</summary>
    public static readonly string[] Actions = ["take", "settle"];

    /// <summary>How data is read; shared, since making it costs more than a world.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>An action that can be undone, at some participants many at once.</summary>
    public void Take(SagaStep<Order, Receipt> step, bool undoesMany)
    {
        step.Do((call, _) => DoAsync(call))
            .Undo((call, _) => UndoAsync(call))
            .OnConfirm((call, _) => MarkAsync(call, "confirmed"))
            .OnEnd((end, _) => MarkAsync(end, "ended"));
        if (undoesMany) step.UndoMany((undos, _) => UndoManyAsync(undos));
    }

    /// <summary>An action that cannot be undone.</summary>
    public void Settle(SagaStep<Order, Receipt> step) => step
        .Do((call, _) => DoAsync(call))
        .OnEnd((end, _) => MarkAsync(end, "ended"));

    private async Task<SagaAnswer<Receipt>> DoAsync(SagaCall<Order> call)
    {
        var id = $"{call.SagaId}/{call.Step}";
        world.Truth.Asked(call.SagaId, call.Step, call.Data);
        await call.Connection.ExecuteAsync(
            """
            INSERT INTO moves VALUES (@SagaId, @Step, @Amount, 1, 0, 0, 0);
            UPDATE balance SET amount = amount + @Amount
            """,
            new { call.SagaId, call.Step, call.Data.Amount }, call.Transaction);
        if (world.Faults.HandlerThrows()) throw new LedgerFault("the action failed");
        // What was written before the no is taken back by the library.
        if (world.Faults.ActionIsRefused()) return SagaAnswer.Refuse($"no {call.Data.Amount} today");
        return new Receipt(id, call.Data.Amount);
    }

    private async Task UndoAsync(SagaCall<Order, Receipt> call)
    {
        if (call.Output is null || call.Output.Id != $"{call.SagaId}/{call.Step}"
            || call.Output.Amount != call.Data.Amount)
            world.Journal.Wrong("ledger", $"the undo of {call.SagaId}/{call.Step} got {call.Output} for {call.Data}");
        await call.Connection.ExecuteAsync(
            """
            UPDATE moves SET undone = undone + 1 WHERE saga_id = @SagaId AND step = @Step;
            UPDATE balance SET amount = amount - @Amount
            """,
            new { call.SagaId, call.Step, call.Data.Amount }, call.Transaction);
        if (world.Faults.UndoThrows(call.SagaId, call.Step)) throw new LedgerFault("the undo failed");
    }

    private async Task UndoManyAsync(SagaUndos<Order, Receipt> undos)
    {
        foreach (var call in undos.Calls) await UndoAsync(call);
    }

    private async Task MarkAsync(SagaCall<Order, Receipt> call, string column)
    {
        await call.Connection.ExecuteAsync(
            $"UPDATE moves SET {column} = {column} + 1 WHERE saga_id = @SagaId AND step = @Step",
            new { call.SagaId, call.Step }, call.Transaction);
        if (world.Faults.HandlerThrows()) throw new LedgerFault("the hook failed");
    }
}
