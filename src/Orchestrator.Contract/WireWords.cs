using System.Diagnostics;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Contract;

/// <summary>
/// The words that stand for enum values on the wire and in the ledger's table. Lower case, compared by bytes.
/// </summary>
public static class WireWords
{
    /// <summary>The outcome <c>completed</c> in <see cref="EndedSaga.Outcome" />.</summary>
    public const string Completed = "completed";

    /// <summary>The outcome <c>compensated</c> in <see cref="EndedSaga.Outcome" />.</summary>
    public const string Compensated = "compensated";

    /// <summary>The word for a ledger state, the value of <see cref="SagaHeaders.SagaState" />.</summary>
    public static string Of(LedgerState state) => state switch
    {
        LedgerState.None => "none",
        LedgerState.Held => "held",
        LedgerState.Confirmed => "confirmed",
        LedgerState.Undone => "undone",
        LedgerState.Refused => "refused",
        LedgerState.Barred => "barred",
        _ => throw new UnreachableException($"Unknown ledger state {state}."),
    };

    /// <summary>The word for a kind, the value of <see cref="SagaHeaders.SagaKind" />.</summary>
    public static string Of(WireKind kind) => kind switch
    {
        WireKind.Compensatable => "compensatable",
        WireKind.Pivot => "pivot",
        WireKind.Retriable => "retriable",
        _ => throw new UnreachableException($"Unknown kind {kind}."),
    };

    /// <summary>The word for a command, as it stands in paths.</summary>
    public static string Of(CommandKind command) => command switch
    {
        CommandKind.Do => "do",
        CommandKind.Confirm => "confirm",
        CommandKind.Undo => "undo",
        CommandKind.Extend => "extend",
        _ => throw new UnreachableException($"Unknown command {command}."),
    };

    /// <summary>Reads the word of a ledger state; false when it is none.</summary>
    public static bool TryRead(string? word, out LedgerState state)
    {
        LedgerState? found = word switch
        {
            "none" => LedgerState.None,
            "held" => LedgerState.Held,
            "confirmed" => LedgerState.Confirmed,
            "undone" => LedgerState.Undone,
            "refused" => LedgerState.Refused,
            "barred" => LedgerState.Barred,
            _ => null,
        };
        state = found ?? LedgerState.None;
        return found is not null;
    }

    /// <summary>Reads the word of a kind; false when it is none.</summary>
    public static bool TryRead(string? word, out WireKind kind)
    {
        WireKind? found = word switch
        {
            "compensatable" => WireKind.Compensatable,
            "pivot" => WireKind.Pivot,
            "retriable" => WireKind.Retriable,
            _ => null,
        };
        kind = found ?? WireKind.Compensatable;
        return found is not null;
    }
}
