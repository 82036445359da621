namespace Orchestrator.Core.Definitions;

/// <summary>One step of a definition. Immutable.</summary>
public sealed record StepDefinition
{
    /// <summary>Name, unique in the definition; also the first ledger key.</summary>
    public required string Name { get; init; }

    /// <summary>The participant that owns the step's data.</summary>
    public required string Participant { get; init; }

    /// <summary>What to do there; by default the step's name.</summary>
    public required string Action { get; init; }

    /// <summary>What can become of it.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>Path of the command <c>do</c> below the participant's address, with a leading slash.</summary>
    public required string DoPath { get; init; }

    /// <summary>Path of the command <c>confirm</c>.</summary>
    public required string ConfirmPath { get; init; }

    /// <summary>Path of the command <c>undo</c>.</summary>
    public required string UndoPath { get; init; }

    /// <summary>What the participant is sent.</summary>
    public required InputMapping Input { get; init; }

    /// <summary>How often and how long it is tried: the definition's policy with what the step overrides.</summary>
    public required RetryPolicy Retry { get; init; }
}
