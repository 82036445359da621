using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>The rows "confirm" and "extend" of the ledger table.</summary>
internal static class ConfirmChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("confirm-first", "A confirm without a do is 410 barred, and bars the do", "section 2, confirm x none",
            "A saga is reported complete although this step was never done, or the late do stays for ever.",
            trial => FirstAsync(trial, step)),
        new("confirm-held", "A confirm of a held step is 200, also when it comes again", "section 2, confirm x held, confirmed",
            "No saga can complete, or a repeated confirm turns it back.",
            trial => HeldAsync(trial, step)),
        new("confirm-undone", "A confirm after the undo is 410", "section 2, confirm x undone",
            "The orchestrator reports success for a step that was taken back.",
            trial => UndoneAsync(trial, step)),
        new("extend-first", "An extend without a do is 404 not-held and leaves no row", "section 2, extend x none",
            "A deadline is reported as postponed for a step that is not held, or the do is barred by it.",
            trial => ExtendFirstAsync(trial, step)),
        new("extend-shorter", "An extend to an earlier expiry is 409 and changes nothing", "section 2, extend x held",
            "A deadline is shortened: work is undone while the saga still needs it.",
            trial => ExtendShorterAsync(trial, step)),
        new("extend-later", "Extends of a confirmed step are 200, of an undone one 410", "section 2, extend x confirmed, undone",
            "The orchestrator believes a step to be held that is gone, or undoes a saga that could go on.",
            trial => ExtendLaterAsync(trial, step)),
    ];

    private static async Task FirstAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.ConfirmAsync()).IsGone(SagaCodes.Barred).InState("barred");
        (await key.DoAsync()).IsGone(SagaCodes.Barred).InState("barred");
        (await key.ConfirmAsync()).IsGone(SagaCodes.Barred);
        (await key.UndoAsync()).Answers(200);
        await trial.GoodsAreBackAsync("nothing was done");
        await key.RowIsAsync("barred");
    }

    private static async Task HeldAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.ConfirmAsync()).Answers(200).InState("confirmed");
        var goods = await trial.GoodsAsync();
        (await key.ConfirmAsync()).Answers(200).InState("confirmed");
        await trial.GoodsAreAsync(goods, "as after the first confirm");
        await key.RowIsAsync("confirmed");
    }

    private static async Task UndoneAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.UndoAsync()).Answers(200);
        (await key.ConfirmAsync()).AnswersEither("410", 410).InState("undone");
        await trial.GoodsAreBackAsync("undone");
        await key.RowIsAsync("undone");
    }

    private static async Task ExtendFirstAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.ExtendAsync(trial.Now + KitLimits.LongHold)).Answers(404, SagaCodes.NotHeld);
        await key.RowIsAsync("none");
        (await key.DoAsync()).Answers(200).InState("held");
    }

    private static async Task ExtendShorterAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.ExtendAsync(key.ExpiresAt - TimeSpan.FromMinutes(1))).AnswersEither("409", 409).InState("held");
        (await key.ExtendAsync(trial.Now - TimeSpan.FromMinutes(1))).AnswersEither("409", 409).InState("held");
        if (await key.RowAsync() is { ExpiresAt: { } expiresAt } row)
        {
            row.IsIn("held");
            trial.Must(
                "the row's expiresAt", $"still {Instants.Write(key.ExpiresAt)}",
                (expiresAt - key.ExpiresAt).Duration() < TimeSpan.FromSeconds(1), Instants.Write(expiresAt));
        }

        (await key.ConfirmAsync()).Answers(200);
    }

    private static async Task ExtendLaterAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.ConfirmAsync()).Answers(200);
        (await key.ExtendAsync(trial.Now + (2 * KitLimits.LongHold))).Answers(200).InState("confirmed");
        (await key.UndoAsync()).Answers(200);
        (await key.ExtendAsync(trial.Now + (3 * KitLimits.LongHold))).AnswersEither("410", 410).InState("undone");
    }
}
