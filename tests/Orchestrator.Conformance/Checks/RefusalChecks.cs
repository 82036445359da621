using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>What a business that says no leaves behind.</summary>
internal static class RefusalChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("refused", "A refusal is 409 refused, changes nothing and is final", "section 2, do x none and x refused",
            "A refused step leaves something behind, or changes its mind while the saga is being undone.",
            trial => RefusedAsync(trial, step))
        {
            Lacks = step.Refused is null ? "give data that is refused with --refused FILE" : null,
        },
        new("refused-then-others", "After a refusal: confirm 410, extend 410, undo 200", "section 2, column refused",
            "A refused step is confirmed as if it had been done, or its undo fails for ever and the saga gets stuck.",
            trial => OthersAsync(trial, step))
        {
            Lacks = step.Refused is null ? "give data that is refused with --refused FILE" : null,
        },
    ];

    private static async Task RefusedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused).InState("refused");
        await trial.GoodsAreBackAsync("a refusal changes nothing");
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused).SameAs(first).InState("refused");
        (await key.DoAsync()).Answers(409, SagaCodes.KeyReused);
        await trial.GoodsAreBackAsync("a refusal is final");
        await key.RowIsAsync("refused");
    }

    private static async Task OthersAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused);
        (await key.ConfirmAsync()).AnswersEither("410", 410).InState("refused");
        (await key.ExtendAsync(trial.Now + (2 * KitLimits.LongHold))).AnswersEither("410", 410).InState("refused");
        (await key.UndoAsync()).Answers(200).InState("refused");
        (await key.DoLateAsync(step.Refused)).Answers(409, SagaCodes.Refused).InState("refused");
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused);
        await trial.GoodsAreBackAsync("a refusal changes nothing");
    }
}
