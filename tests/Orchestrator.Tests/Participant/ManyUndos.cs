using System.Collections.Concurrent;
using Dapper;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant;

/// <summary>The test participant's undo of many at once, and what it was asked for.</summary>
internal sealed class ManyUndos
{
    private readonly ConcurrentQueue<IReadOnlyList<string>> runs = new();

    /// <summary>How many it was asked to undo, call by call.</summary>
    public IEnumerable<int> Sizes => runs.Select(run => run.Count);

    /// <summary>The sagas, in the order in which it got them.</summary>
    public IEnumerable<string> Seen => runs.SelectMany(run => run);

    /// <summary>Called before it writes anything.</summary>
    public Func<SagaUndos<Reserve, Reservation>, Task>? Before { get; set; }

    /// <summary>Called after it wrote everything.</summary>
    public Action? After { get; set; }

    /// <summary>Two statements for all of them.</summary>
    public async Task UndoAsync(SagaUndos<Reserve, Reservation> undos, HandlerSwitches switches)
    {
        runs.Enqueue(undos.Calls.Select(call => call.SagaId).ToList());
        if (Before is { } before) await before(undos);
        var parameters = new DynamicParameters();
        var lines = new List<string>();
        foreach (var call in undos.Calls)
        {
            var n = lines.Count;
            parameters.Add($"saga{n}", call.SagaId);
            parameters.Add($"step{n}", call.Step);
            parameters.Add($"detail{n}", call.Output.Id);
            parameters.Add($"attempt{n}", call.Attempt);
            lines.Add($"(@saga{n}, @step{n}, 'undo-many', @detail{n}, @attempt{n})");
            if (switches.UndoThrows(call.SagaId)) throw new InvalidOperationException("One of them is broken.");
        }

        await undos.Connection.ExecuteAsync(
            $"INSERT INTO notes (saga_id, step, what, detail, attempt) VALUES {string.Join(", ", lines)}",
            parameters, undos.Transaction);
        await undos.Connection.ExecuteAsync(
            "UPDATE stock SET available = available + @quantity",
            new { quantity = undos.Calls.Sum(call => call.Data.Quantity) }, undos.Transaction);
        After?.Invoke();
    }
}
