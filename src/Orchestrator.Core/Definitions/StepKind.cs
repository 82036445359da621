namespace Orchestrator.Core.Definitions;

/// <summary>What can become of a step. Source: docs/protocol.md section 3.</summary>
public enum StepKind
{
    /// <summary>
    /// The default, "armed": held until confirmed, undone on command or by the participant itself at the expiry.
    /// </summary>
    Compensatable,

    /// <summary>
    /// A plain HTTP service with do and undo only (<c>confirm: none</c>): the orchestrator alone keeps its deadline.
    /// </summary>
    Unarmed,

    /// <summary>The point of no return: cannot be undone, may be refused. At most one.</summary>
    Pivot,

    /// <summary>After the point of no return: retried until it succeeds.</summary>
    Retriable,
}
