using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>The rows of the ledger table for a pivot or a retriable. What is done there stays done.</summary>
internal static class PivotChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step)
    {
        var kind = WireWords.Of(step.Kind);
        var lacksRefused = step.Refused is null ? $"give data that is refused with --{kind}-refused FILE" : null;
        yield return new(
            $"{kind}-runs-once", $"A do of a {kind} is confirmed at once; repeated, it gets the stored answer",
            "section 2, do of a pivot or retriable", "What cannot be undone is done twice.",
            trial => RunsAsync(trial, step));
        yield return new(
            $"{kind}-twice-at-once", $"The same do of a {kind} three times at once runs once", "section 2, the row is inserted first",
            "A retry that overtakes its first attempt does twice what cannot be undone.",
            trial => AtOnceAsync(trial, step));
        yield return new(
            $"{kind}-undo-done", $"An undo of a {kind} that is done is 409 done with the stored output, and changes nothing",
            "section 2, undo of a pivot or retriable x confirmed", "A resend with other data believes that the first was taken back, and does it twice.",
            trial => UndoDoneAsync(trial, step));
        yield return new(
            $"{kind}-undo-first", $"An undo of a {kind} without a do is 200 and bars it", "section 2, undo of a pivot or retriable x none",
            "The old data of a corrected step arrives late and runs as well.",
            trial => UndoFirstAsync(trial, step));
        yield return step.Kind == WireKind.Pivot
            ? new(
                "pivot-refused", "A pivot's no is 409 refused and final", "section 2, do of a pivot",
                "A saga that was turned back by the pivot's no finds it done later.",
                trial => PivotRefusedAsync(trial, step))
            { Lacks = lacksRefused }
            : new(
                "retriable-refused", "A retriable's no is 409 refused and leaves no row", "section 2, do of a retriable",
                "A step that must succeed in the end can never be sent again.",
                trial => RetriableRefusedAsync(trial, step))
            { Lacks = lacksRefused };
    }

    private static async Task RunsAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200).WithJson().InState("confirmed");
        trial.StaysDone(key);
        var goods = await trial.GoodsAsync();
        (await key.DoAsync()).Answers(200).SameAs(first).InState("confirmed");
        trial.StaysDone(key);
        await trial.GoodsAreAsync(goods, "as after the first do");
        await key.RowIsAsync("confirmed");
    }

    private static async Task AtOnceAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var all = await Task.WhenAll(key.DoAsync(), key.DoAsync(), key.DoAsync());
        trial.StaysDone(key);
        foreach (var each in all) each.Answers(200).SameAs(all[0]);
    }

    private static async Task UndoDoneAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        trial.StaysDone(key);
        var goods = await trial.GoodsAsync();
        (await key.UndoAsync()).Answers(409, SagaCodes.Done).WithOutputOf(first).InState("confirmed");
        await trial.GoodsAreAsync(goods, "as after the do");
        (await key.DoAsync()).Answers(200).SameAs(first);
        trial.StaysDone(key);
    }

    private static async Task UndoFirstAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.UndoAsync()).Answers(200).InState("barred");
        (await key.DoAsync()).IsGone(SagaCodes.Barred).InState("barred");
        trial.StaysDone(key);
        (await key.UndoAsync()).Answers(200);
        await trial.GoodsAreBackAsync("nothing was done");
    }

    private static async Task PivotRefusedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused).InState("refused");
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused).SameAs(first);
        (await key.UndoAsync()).Answers(200).InState("refused");
        await trial.GoodsAreBackAsync("a refusal changes nothing");
    }

    private static async Task RetriableRefusedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused).InState("none");
        await key.RowIsAsync("none");
        await trial.GoodsAreBackAsync("a refusal changes nothing");
        (await key.DoAsync()).Answers(200).InState("confirmed");
        trial.StaysDone(key);
    }
}
