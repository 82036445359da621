namespace Orchestrator.Service.Reconciling;

/// <summary>
/// Compares a row with what its participant told of it. Pure. The ledger may be ahead of what was told, by its own
/// clock or by a command whose answer is not known; it may never be behind.
/// </summary>
internal static class Comparison
{
    private const string SendUndo = "Send its undo again: it takes the work back, or bars what is not there.";

    /// <summary>The difference; null when there is none.</summary>
    /// <param name="saga">The saga.</param>
    /// <param name="told">What was told of the key.</param>
    /// <param name="row">The row now; null where there is none.</param>
    /// <param name="retention">How long the participant keeps the rows of ended sagas.</param>
    /// <param name="now">The instant of the comparison.</param>
    public static Difference? Of(
        SagaSeen saga, ToldStep told, RowSeen? row, TimeSpan retention, DateTimeOffset now)
    {
        var state = row?.State ?? LedgerWords.None;
        if (IsAsTold(saga, told, row, state, retention, now))
            return row is { State: LedgerWords.Confirmed, IsEnded: false } && IsOver(saga, now)
                ? new Difference(saga.Id, told.Key, "confirmed, end not heard", told.State, saga.Phase,
                    "Nothing is wrong with the work. Tell it the end again (POST .../ended), or it counts as in doubt.")
                : null;
        return new Difference(saga.Id, told.Key, state, told.State, saga.Phase, ToDo(saga, told.State, state));
    }

    /// <summary>
    /// The difference of a row whose saga the orchestrator does not know; null when that is in order.
    /// </summary>
    public static Difference? OfUnknown(RowSeen row) => row.State switch
    {
        LedgerWords.Confirmed when row.IsEnded != true => new Difference(
            row.SagaId, row.Key, row.State, "nothing", "unknown saga",
            "It is in doubt, and the orchestrator does not know the saga. Find out from the other participants whether "
            + "it was completed; if not, send its undo."),
        LedgerWords.Held => new Difference(
            row.SagaId, row.Key, row.State, "nothing", "unknown saga",
            "Nothing: it undoes itself at its expiry."),
        _ => null,
    };

    private static bool IsAsTold(
        SagaSeen saga, ToldStep told, RowSeen? row, string state, TimeSpan retention, DateTimeOffset now)
    {
        if (state == told.State) return true;
        if (state == LedgerWords.None)
            // Purged, or a command that is still on its way.
            return !told.HasAnswered || saga.EndedAt + retention <= now;
        if (told.State == LedgerWords.None)
            return told.Open.Count > 0;
        if (told.State == LedgerWords.Held) return IsAheadOfHeld(told, row, state, now);
        if (told.State == LedgerWords.Confirmed) return state == LedgerWords.Undone && told.Open.Contains("undo");
        // Who sends no Saga-State cannot say which of the final states it is.
        return LedgerWords.IsFinal(told.State) && LedgerWords.IsFinal(state) && told.Ledger is null;
    }

    private static bool IsAheadOfHeld(ToldStep told, RowSeen? row, string state, DateTimeOffset now) => state switch
    {
        LedgerWords.Confirmed => told.Open.Contains("confirm"),
        LedgerWords.Undone => told.Open.Contains("undo") || told.Open.Contains("confirm")
            || row?.ExpiresAt is not { } expiresAt || expiresAt <= now,
        _ => false,
    };

    private static bool IsOver(SagaSeen saga, DateTimeOffset now) => saga.EndedAt + ReconcileLimits.EndIsTold <= now;

    private static string ToDo(SagaSeen saga, string told, string state)
    {
        if (LedgerWords.IsFinal(told)) return SendUndo;
        if (told == LedgerWords.None)
            return "The orchestrator has sent nothing for this key. Was it restored from a backup as well? " + SendUndo;
        if (saga.IsCompleted || saga.IsForward) return Lost(state);
        if (saga.EndedAt is not null) return SendUndo;
        return state switch
        {
            LedgerWords.Held => "Cancel the saga, or mark the row confirmed before its expiry undoes it.",
            LedgerWords.Confirmed => "Cancel the saga: the ledger knows more than the orchestrator. Was the "
                + "orchestrator restored from a backup?",
            _ => "Cancel the saga: its work here is gone. If it then is stuck as ledger-lost, resolve the step as "
                + "undone.",
        };
    }

    private static string Lost(string state) => state == LedgerWords.Held
        ? "The others kept their work. Mark the row confirmed before its expiry undoes it."
        : "The others kept their work, and here it is gone. Enter the business change again by hand; the saga's "
            + "history has its data and its output.";
}
