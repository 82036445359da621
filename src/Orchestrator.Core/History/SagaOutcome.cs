namespace Orchestrator.Core.History;

/// <summary>How a saga ended.</summary>
public enum SagaOutcome
{
    /// <summary>Every armed participant has acknowledged its confirm and every step is done.</summary>
    Completed,

    /// <summary>Every participant that was called has answered its undo.</summary>
    Compensated,
}
