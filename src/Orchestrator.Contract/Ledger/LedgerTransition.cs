namespace Orchestrator.Contract.Ledger;

/// <summary>
/// What a participant has to do about a command: a closed set. Each case that changes the row is one conditional write,
/// in one local transaction with the business change.
/// </summary>
public abstract record LedgerTransition
{
    private LedgerTransition()
    {
    }

    /// <summary>Answer; write nothing.</summary>
    public sealed record Stay(LedgerAnswer Answer) : LedgerTransition;

    /// <summary>
    /// Insert the row, run the action behind a savepoint, then ask <see cref="LedgerRules.Done" /> or
    /// <see cref="LedgerRules.Refused" />.
    /// </summary>
    public sealed record RunDo(LedgerRow Row) : LedgerTransition;

    /// <summary>Insert the row, run nothing, answer. A later <c>do</c> finds it.</summary>
    public sealed record Bar(LedgerRow Row, LedgerAnswer Answer) : LedgerTransition;

    /// <summary>Write the row, run the confirm hook, answer.</summary>
    public sealed record RunConfirm(LedgerRow Row, LedgerAnswer Answer) : LedgerTransition;

    /// <summary>Write the row, run the undo with what it was before, answer.</summary>
    public sealed record RunUndo(LedgerRow Row, LedgerAnswer Answer) : LedgerTransition;

    /// <summary>Write the row with its new expiry, answer.</summary>
    public sealed record Extend(LedgerRow Row, LedgerAnswer Answer) : LedgerTransition;
}
