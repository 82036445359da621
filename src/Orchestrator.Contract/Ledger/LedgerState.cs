namespace Orchestrator.Contract.Ledger;

/// <summary>What a participant's ledger says of one step of one saga. Source: docs/protocol.md section 2.</summary>
public enum LedgerState
{
    /// <summary>There is no row.</summary>
    None,

    /// <summary>Done, and undone by the participant itself once the expiry passes.</summary>
    Held,

    /// <summary>Done, and undone only on the orchestrator's command.</summary>
    Confirmed,

    /// <summary>Undone. Final.</summary>
    Undone,

    /// <summary>The business said no. Final.</summary>
    Refused,

    /// <summary>The undo or the expiry came before the <c>do</c>. Final.</summary>
    Barred,
}
