using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The ledger keys of a saga: one per step, and those that were given up for another one with other data.
/// </summary>
public static class Keys
{
    /// <summary>The state of the step under a key, given up or not; null when the saga has no such key.</summary>
    public static StepState? FindKey(this StartedSaga saga, string key)
    {
        foreach (var step in saga.Steps)
            if (step.Key == key)
                return step;
        foreach (var step in saga.Former)
            if (step.Key == key)
                return step;
        return null;
    }

    /// <summary>All keys, those of one step together, its newest first, steps in the definition's order.</summary>
    public static IEnumerable<StepState> AllKeys(this StartedSaga saga)
    {
        if (saga.Former.IsEmpty) return saga.Steps;
        return saga.Steps.SelectMany(step => saga.Former.Where(IsOf(step)).Reverse().Prepend(step));
    }

    /// <summary>The keys of one step, the newest first.</summary>
    internal static IEnumerable<StepState> KeysOf(this StartedSaga saga, StepState step) =>
        saga.Former.Where(IsOf(step)).Reverse().Prepend(step);

    /// <summary>True while a key that was given up for this step owes its undo.</summary>
    internal static bool AwaitsBar(this StartedSaga saga, StepState step) =>
        saga.Former.Any(former => former.Definition.Name == step.Definition.Name && former.OwesUndo);

    /// <summary>True when the key was given up.</summary>
    internal static bool IsFormer(this StartedSaga saga, string key)
    {
        foreach (var step in saga.Former)
            if (step.Key == key)
                return true;
        return false;
    }

    /// <summary>The same saga with another state of one key.</summary>
    internal static StartedSaga With(this StartedSaga saga, StepState state)
    {
        var index = saga.Steps.FindIndex(step => step.Key == state.Key);
        if (index >= 0) return saga with { Steps = saga.Steps.SetItem(index, state) };
        index = saga.Former.FindIndex(step => step.Key == state.Key);
        if (index < 0) throw new UnreachableException($"Saga {saga.Start.SagaId} has no key {state.Key}.");
        return saga with { Former = saga.Former.SetItem(index, state) };
    }

    /// <summary>The same saga with every key changed.</summary>
    internal static StartedSaga WithAll(this StartedSaga saga, Func<StepState, StepState> change) => saga with
    {
        Steps = [.. saga.Steps.Select(change)],
        Former = saga.Former.IsEmpty ? saga.Former : [.. saga.Former.Select(change)],
    };

    /// <summary>The key after those a step has had: <c>charge~2</c>, <c>charge~3</c>.</summary>
    internal static string Next(StartedSaga saga, StepState step) => string.Create(
        CultureInfo.InvariantCulture, $"{step.Definition.Name}~{saga.Former.Count(IsOf(step)) + 2}");

    private static Func<StepState, bool> IsOf(StepState step) =>
        other => other.Definition.Name == step.Definition.Name;
}
