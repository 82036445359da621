using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>The row "do" of the ledger table, of an armed step.</summary>
internal static class DoChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("do-runs", "A do runs the action and holds it", "section 2, do x none",
            "No saga can use this step at all, or the probe does not show what the step changes.",
            trial => RunsAsync(trial, step)),
        new("do-repeated-held", "A repeated do gets the stored answer and does not run again", "section 2, do x held",
            "Every lost answer makes the action run again: charged twice, reserved twice.",
            trial => RepeatedAsync(trial, step)),
        new("do-repeated-confirmed", "A repeated do of a confirmed step gets the stored answer",
            "section 2, do x confirmed", "A late duplicate runs the action again after everything was settled.",
            trial => RepeatedConfirmedAsync(trial, step)),
        new("do-repeated-undone", "A do that comes again after its undo is answered 410", "section 2, do x undone",
            "A late duplicate of the do brings back what was undone, and nobody will undo it again.",
            trial => RepeatedUndoneAsync(trial, step)),
        new("do-late", "A do at or after its expiry never runs and bars the step", "section 2, do at or after expiry x none",
            "The saga was over when the do came; what it did stays done.",
            trial => LateAsync(trial, step)),
        new("do-late-repeated", "A repeated do that arrives after its stamp still gets the stored answer",
            "section 2, do at or after expiry x held, confirmed",
            "An orchestrator that asks again late is told that nothing was done although it is held.",
            trial => LateRepeatedAsync(trial, step)),
        new("do-key-reused", "The same key with other data is 409 key-reused, never the stored answer", "section 2, digest of the data",
            "A mistake upstream is answered as if it had been done: two different orders share one reservation.",
            trial => KeyReusedAsync(trial, step))
        {
            Lacks = step.Refused is null ? "give other data with --refused FILE" : null,
        },
        new("do-other-key", "A key with ~2 is another step of the same action", "section 4, resend with other data",
            "A corrected do cannot be sent once the first one is barred, or it undoes the wrong one.",
            trial => OtherKeyAsync(trial, step)),
        new("do-stale", "A command sent long ago is answered 410 stale and does nothing", "section 2, purge",
            "A message that was lost for weeks runs after the row that would have stopped it was purged.",
            trial => StaleAsync(trial, step)),
    ];

    private static async Task RunsAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        await key.RowIsAsync("none");
        (await key.DoAsync()).Answers(200).WithJson().InState("held");
        await trial.GoodsChangeAsync("a do changes what the probe shows");
        await key.RowIsAsync("held");
    }

    private static async Task RepeatedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        var goods = await trial.GoodsAsync();
        (await key.DoAsync()).Answers(200).SameAs(first).InState("held");
        (await key.DoAsync()).Answers(200).SameAs(first);
        await trial.GoodsAreAsync(goods, "as after the first do");
    }

    private static async Task RepeatedConfirmedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        (await key.ConfirmAsync()).Answers(200).InState("confirmed");
        var goods = await trial.GoodsAsync();
        (await key.DoAsync()).Answers(200).SameAs(first).InState("confirmed");
        await trial.GoodsAreAsync(goods, "as after the confirm");
        await key.RowIsAsync("confirmed");
    }

    private static async Task RepeatedUndoneAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        (await key.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone");
        (await key.DoAsync()).IsGone(SagaCodes.Undone).InState("undone");
        (await key.DoLateAsync()).IsGone(SagaCodes.Undone).InState("undone");
        await trial.GoodsAreBackAsync("nothing was done again");
        await key.RowIsAsync("undone");
    }

    private static async Task LateAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        key.ExpiresAt = Instants.ToMilliseconds(trial.Now - TimeSpan.FromSeconds(30));
        (await key.DoAsync()).IsGone(SagaCodes.Expired).InState("barred");
        await trial.GoodsAreBackAsync("nothing was done");
        await key.RowIsAsync("barred");
        key.ExpiresAt = Instants.ToMilliseconds(trial.Now + KitLimits.LongHold);
        (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Barred);
        (await key.ConfirmAsync()).IsGone(SagaCodes.Expired, SagaCodes.Barred);
        (await key.UndoAsync()).Answers(200).InState("barred");
        await trial.GoodsAreBackAsync("nothing was done");
    }

    private static async Task LateRepeatedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        (await key.DoLateAsync()).Answers(200).SameAs(first);
        (await key.ConfirmAsync()).Answers(200);
        (await key.DoLateAsync()).Answers(200).SameAs(first);
        await key.RowIsAsync("confirmed");
    }

    private static async Task KeyReusedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        var goods = await trial.GoodsAsync();
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.KeyReused);
        (await key.DoAsync()).Answers(200).SameAs(first);
        await trial.GoodsAreAsync(goods, "as after the first do");
        (await key.ConfirmAsync()).Answers(200);
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.KeyReused);
        (await key.UndoAsync()).Answers(200);
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.KeyReused);
        await trial.GoodsAreBackAsync("undone");
    }

    private static async Task OtherKeyAsync(Trial trial, OfferedStep step)
    {
        var first = trial.NewSaga(step);
        var second = trial.OfSaga(step, first.SagaId, "~2");
        (await first.UndoAsync()).Answers(200).InState("barred");
        (await second.DoAsync()).Answers(200).InState("held");
        (await first.DoAsync()).IsGone(SagaCodes.Barred);
        (await second.ConfirmAsync()).Answers(200).InState("confirmed");
        await second.RowIsAsync("confirmed");
        (await second.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone");
    }

    private static async Task StaleAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var longAgo = Instants.Write(trial.Now - KitLimits.Stale);
        (await trial.SendAsync(key.Do().With(SagaHeaders.Time, longAgo))).IsGone(SagaCodes.Stale);
        (await trial.SendAsync(key.Undo().With(SagaHeaders.Time, longAgo))).IsGone(SagaCodes.Stale);
        await trial.GoodsAreBackAsync("nothing was done");
        (await key.DoAsync()).Answers(200).InState("held");
        (await trial.SendAsync(key.Undo().With(SagaHeaders.Time, longAgo))).IsGone(SagaCodes.Stale);
        (await key.ConfirmAsync()).Answers(200).InState("confirmed");
    }
}
