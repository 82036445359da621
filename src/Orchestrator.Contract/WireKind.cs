namespace Orchestrator.Contract;

/// <summary>The values of the attribute <c>sagakind</c>: which row of the ledger table a command follows.</summary>
public enum WireKind
{
    /// <summary>Held until confirmed, undone on command or at its expiry. Also when the attribute is absent.</summary>
    Compensatable,

    /// <summary>Confirmed at once, cannot be undone, may be refused.</summary>
    Pivot,

    /// <summary>Confirmed at once, cannot be undone; a refusal leaves no row.</summary>
    Retriable,
}
