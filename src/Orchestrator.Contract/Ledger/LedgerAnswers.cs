using System.Diagnostics;

namespace Orchestrator.Contract.Ledger;

/// <summary>
/// The answers of the ledger table, with their words. The words of a final row are stored, so duplicates get the same
/// bytes.
/// </summary>
internal static class LedgerAnswers
{
    internal static LedgerAnswer Stored(LedgerRow row) => row.State switch
    {
        LedgerState.Held or LedgerState.Confirmed => LedgerAnswer.Accepted(row.State, row.Output ?? JsonData.Null),
        LedgerState.Refused => Final(409, row),
        LedgerState.Undone or LedgerState.Barred => Final(410, row),
        LedgerState.None => throw new UnreachableException("A row is never in the state none."),
        _ => throw new UnreachableException($"Unknown ledger state {row.State}."),
    };

    internal static LedgerAnswer Gone(LedgerRow row) => Final(410, row);

    internal static LedgerAnswer Stale(LedgerRow? row, LedgerCommand command) => LedgerAnswer.Problem(
        410, row?.State ?? LedgerState.None, SagaCodes.Stale,
        $"This command was sent at {Instants.Write(command.SentAt)}, too long ago to be believed. Nothing was done. "
        + "Send it again with a fresh time.");

    internal static LedgerAnswer KeyReused(LedgerRow row, LedgerCommand command) => LedgerAnswer.Problem(
        409, row.State, SagaCodes.KeyReused,
        $"Step {command.Step} of saga {command.SagaId} came before with {Difference(row, command)}. Nothing was done. "
        + "Use another step key for another command.");

    internal static LedgerAnswer CannotBeUndone(LedgerRow row) => new(
        409, row.State, SagaCodes.Done,
        $"Step {row.Step} of saga {row.SagaId} is done and cannot be undone. Nothing was changed.",
        row.Output ?? JsonData.Null);

    internal static LedgerAnswer NotHeld(LedgerCommand command) => LedgerAnswer.Problem(
        404, LedgerState.None, SagaCodes.NotHeld,
        $"Step {command.Step} of saga {command.SagaId} is not held here, so there is nothing to extend.");

    internal static LedgerAnswer NotExtended(LedgerRow row) => LedgerAnswer.Problem(
        409, row.State, SagaCodes.NotExtended,
        $"Step {row.Step} of saga {row.SagaId} is held until {Write(row.ExpiresAt)}. "
        + "A new expiry must be later than that and later than now. Nothing was changed.");

    internal static string ExpiredText(LedgerRow row) =>
        $"The expiry {Write(row.ExpiresAt)} of step {row.Step} of saga {row.SagaId} has passed.";

    internal static string UndoneText(LedgerRow row) =>
        $"Step {row.Step} of saga {row.SagaId} was undone on the orchestrator's command.";

    internal static string UndoFirstText(LedgerCommand command) =>
        $"The undo of step {command.Step} of saga {command.SagaId} came before its do, so it will never be done here.";

    internal static string ConfirmFirstText(LedgerCommand command) =>
        $"A confirm of step {command.Step} of saga {command.SagaId} came, but nothing was done here, and now never "
        + "will be.";

    private static LedgerAnswer Final(int status, LedgerRow row) => LedgerAnswer.Problem(
        status, row.State,
        row.Code ?? throw new UnreachableException($"Row {row.SagaId}/{row.Step} is final but has no code."),
        row.Text ?? throw new UnreachableException($"Row {row.SagaId}/{row.Step} is final but has no text."));

    private static string Difference(LedgerRow row, LedgerCommand command) =>
        row.Action != command.Action ? $"the action {row.Action}, not {command.Action}"
        : row.Kind != command.StepKind && command.Kind == CommandKind.Do
            ? $"the kind {WireWords.Of(row.Kind)}, not {WireWords.Of(command.StepKind)}"
            : "other data";

    private static string Write(DateTimeOffset? instant) => instant is { } known ? Instants.Write(known) : "(none)";
}
