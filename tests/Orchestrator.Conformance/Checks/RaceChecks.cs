using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>Commands of one step at the same moment: one wins, the other sees what it did.</summary>
internal static class RaceChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("race-do-do", "The same do three times at once runs once", "section 2, the row is inserted first",
            "A retry that overtakes its first attempt reserves or charges twice.",
            trial => DoDoAsync(trial, step)),
        new("race-do-undo", "A do and its undo at once leave nothing done", "section 2, the row is inserted first",
            "A slow do finishes after its undo was acknowledged, and stays.",
            trial => DoUndoAsync(trial, step)),
        new("race-undo-undo", "The same undo three times at once runs once", "section 2, one conditional write",
            "The undo by command and a repeated one both give the goods back.",
            trial => UndoUndoAsync(trial, step)),
        new("race-confirm-undo", "A confirm and an undo at once end undone", "section 2, undo x held, confirmed",
            "A saga that turned back keeps one step confirmed, with the undo acknowledged.",
            trial => ConfirmUndoAsync(trial, step)),
    ];

    private static async Task DoDoAsync(Trial trial, OfferedStep step)
    {
        for (var race = 0; race < KitLimits.Races; race++)
        {
            var key = trial.NewSaga(step);
            var all = await Task.WhenAll(key.DoAsync(), key.DoAsync(), key.DoAsync());
            foreach (var each in all) each.Answers(200).SameAs(all[0]);
            (await key.UndoAsync()).Answers(200);
            await trial.GoodsAreBackAsync("done once and undone once");
        }
    }

    private static async Task DoUndoAsync(Trial trial, OfferedStep step)
    {
        for (var race = 0; race < KitLimits.Races; race++)
        {
            var key = trial.NewSaga(step);
            // Now this one first, now the other: the winner should not always be the same.
            var (done, undone) = race % 2 == 0
                ? await BothAsync(key.DoAsync(), key.UndoAsync())
                : Swap(await BothAsync(key.UndoAsync(), key.DoAsync()));
            undone.Answers(200).InState("undone", "barred");
            done.AnswersEither("200 or 410, whoever came first", 200, 410);
            (await key.DoAsync()).IsGone(SagaCodes.Undone, SagaCodes.Barred);
            await trial.GoodsAreBackAsync("nothing stays done");
        }
    }

    private static async Task UndoUndoAsync(Trial trial, OfferedStep step)
    {
        for (var race = 0; race < KitLimits.Races; race++)
        {
            var key = trial.NewSaga(step);
            (await key.DoAsync()).Answers(200);
            if (race % 2 == 1) (await key.ConfirmAsync()).Answers(200);
            foreach (var each in await Task.WhenAll(key.UndoAsync(), key.UndoAsync(), key.UndoAsync()))
                each.Answers(200).InState("undone");
            await trial.GoodsAreBackAsync("undone once");
        }
    }

    private static async Task ConfirmUndoAsync(Trial trial, OfferedStep step)
    {
        for (var race = 0; race < KitLimits.Races; race++)
        {
            var key = trial.NewSaga(step);
            (await key.DoAsync()).Answers(200);
            var (confirmed, undone) = race % 2 == 0
                ? await BothAsync(key.ConfirmAsync(), key.UndoAsync())
                : Swap(await BothAsync(key.UndoAsync(), key.ConfirmAsync()));
            undone.Answers(200).InState("undone");
            confirmed.AnswersEither("200 or 410, whoever came first", 200, 410);
            (await key.ConfirmAsync()).AnswersEither("410", 410);
            await trial.GoodsAreBackAsync("undone");
        }
    }

    private static async Task<(Sent First, Sent Second)> BothAsync(Task<Sent> first, Task<Sent> second)
    {
        await Task.WhenAll(first, second);
        return (await first, await second);
    }

    private static (Sent First, Sent Second) Swap((Sent First, Sent Second) both) => (both.Second, both.First);
}
