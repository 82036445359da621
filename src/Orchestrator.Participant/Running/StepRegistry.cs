using System.Collections.Concurrent;

namespace Orchestrator.Participant.Running;

/// <summary>Which actions are mapped; filled while the application is built.</summary>
internal sealed class StepRegistry
{
    private readonly ConcurrentDictionary<string, StepHandlers> steps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> prefixes = new(StringComparer.Ordinal);

    /// <summary>Adds an action. One action cannot be mapped twice: a row could not tell whose it is.</summary>
    internal void Add(StepHandlers step)
    {
        if (!steps.TryAdd(step.Action, step))
            throw new InvalidOperationException($"The saga step {step.Action} is mapped twice. Map each action once.");
    }

    /// <summary>
    /// True the first time a prefix is met: then the addresses that all its steps share have to be mapped.
    /// </summary>
    internal bool IsNewPrefix(string prefix) => prefixes.TryAdd(prefix, true);

    internal StepHandlers? Find(string action) => steps.GetValueOrDefault(action);

    internal StepHandlers Get(string action) => Find(action) ?? throw new InvalidOperationException(
        $"The ledger holds a step of the action {action}, which is not mapped. Map it with MapSagaStep before the "
        + "host starts.");
}
