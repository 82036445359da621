using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>The row "undo" of the ledger table.</summary>
internal static class UndoChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("undo-bars-late-do", "An undo without a do is 200, and a do that comes after it never runs", "section 2, undo x none",
            "The orchestrator was told that nothing is left here; then the late do arrives, and nobody will ever undo it.",
            trial => FirstAsync(trial, step)),
        new("undo-held", "An undo of a held step takes it back", "section 2, undo x held",
            "A cancelled saga keeps the goods until they expire, or for ever.",
            trial => HeldAsync(trial, step)),
        new("undo-confirmed", "An undo of a confirmed step takes it back", "section 2, undo x confirmed",
            "When another participant cannot confirm, this one keeps half an order.",
            trial => ConfirmedAsync(trial, step)),
        new("undo-repeated", "A repeated undo is 200 and does not run again", "section 2, undo x undone",
            "Every lost acknowledgement gives the goods back once more: money is made out of nothing.",
            trial => RepeatedAsync(trial, step)),
    ];

    private static async Task FirstAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var undone = (await key.UndoAsync()).Answers(200);
        await trial.GoodsAreBackAsync("there was nothing to undo");
        (await key.DoAsync()).IsGone(SagaCodes.Barred).InState("barred");
        await trial.GoodsAreBackAsync("the late do did not run");
        undone.InState("barred");
        (await key.DoLateAsync()).IsGone(SagaCodes.Barred).InState("barred");
        (await key.ExtendAsync(trial.Now + (2 * KitLimits.LongHold))).AnswersEither("410", 410).InState("barred");
        (await key.UndoAsync()).Answers(200).InState("barred");
        await trial.GoodsAreBackAsync("there was nothing to undo");
        await key.RowIsAsync("barred");
    }

    private static async Task HeldAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone");
        await key.RowIsAsync("undone");
    }

    private static async Task ConfirmedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.ConfirmAsync()).Answers(200);
        (await key.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone");
        await key.RowIsAsync("undone");
        (await key.ConfirmAsync()).AnswersEither("410", 410);
        (await key.DoAsync()).IsGone(SagaCodes.Undone);
    }

    private static async Task RepeatedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.UndoAsync()).Answers(200);
        await trial.GoodsAreBackAsync("undone");
        var row = await key.RowAsync();
        (await key.UndoAsync()).Answers(200).InState("undone");
        (await key.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone once, not twice");
        if (row is not { IsThere: true } || await key.RowAsync() is not { } after) return;
        trial.Must("the row's state, attempts and updatedAt", $"unchanged: {row.Text}", after.Text == row.Text, after.Text);
    }
}
