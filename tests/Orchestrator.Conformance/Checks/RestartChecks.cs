using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>What was answered is on disk: the participant is killed and comes back.</summary>
internal static class RestartChecks
{
    internal static IEnumerable<Check> Of(KitOptions options, OfferedStep step) =>
        new Check[]
        {
            new("restart-keeps-answers", "After a kill every stored answer is still there", "section 2, the row is in the business database",
                "After a crash duplicates run again, undone work comes back, and barred work is done.",
                trial => AnswersAsync(trial, step)),
            new("restart-keeps-expiry", "After a kill a held step is still undone at its expiry", "section 2, the watcher runs at start; P2",
                "Whatever was held at a crash stays taken for ever.",
                trial => ExpiryAsync(trial, step)),
            new("restart-under-way", "What was answered while it was killed was kept, the rest can be sent again", "section 2, one local transaction",
                "The row and the business change come apart at a crash: goods are lost or made.",
                trial => UnderWayAsync(trial, step)),
        }.Select(check => check with
        {
            Turn = Turn.Last,
            Lacks = options.Restart is null ? "give --restart \"COMMAND\" that kills the participant and starts it again" : null,
        });

    private static async Task AnswersAsync(Trial trial, OfferedStep step)
    {
        var held = trial.NewSaga(step);
        var confirmed = trial.NewSaga(step);
        var undone = trial.NewSaga(step);
        var barred = trial.NewSaga(step);
        var refused = trial.NewSaga(step);
        var heldFirst = (await held.DoAsync()).Answers(200);
        var confirmedFirst = (await confirmed.DoAsync()).Answers(200);
        (await confirmed.ConfirmAsync()).Answers(200);
        (await undone.DoAsync()).Answers(200);
        (await undone.UndoAsync()).Answers(200);
        (await barred.UndoAsync()).Answers(200);
        var refusedFirst = step.Refused is null ? null
            : (await refused.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused);
        var goods = await trial.GoodsAsync();

        await RestartAsync(trial);

        await trial.GoodsAreAsync(goods, "as before the kill");
        (await held.DoAsync()).Answers(200).SameAs(heldFirst).InState("held");
        (await confirmed.DoAsync()).Answers(200).SameAs(confirmedFirst).InState("confirmed");
        (await undone.DoAsync()).IsGone(SagaCodes.Undone).InState("undone");
        (await barred.DoAsync()).IsGone(SagaCodes.Barred).InState("barred");
        if (refusedFirst is not null) (await refused.DoAsync(step.Refused)).Answers(409).SameAs(refusedFirst);
        await trial.GoodsAreAsync(goods, "nothing ran again");
        (await held.UndoAsync()).Answers(200).InState("undone");
        (await confirmed.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("all undone");
    }

    private static async Task ExpiryAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        key.ExpiresAt = Instants.ToMilliseconds(trial.Now + trial.Options.Hold);
        (await key.DoAsync()).Answers(200).InState("held");
        await RestartAsync(trial);
        // When it came back later than the expiry, it is undone before the first message is taken.
        var due = key.ExpiresAt > trial.Now ? key.ExpiresAt : trial.Now;
        await ExpiryChecks.IsUndoneByItselfAsync(trial, key, due);
        await trial.GoodsAreBackAsync("undone at the expiry");
    }

    private static async Task UnderWayAsync(Trial trial, OfferedStep step)
    {
        using var hurry = new Hurry(trial, step);
        await RestartAsync(trial, hurry.BeginAsync);
        foreach (var (key, done, before, isUndo, _) in await hurry.EndAsync())
        {
            if (before is not null) (await before.DoAsync()).IsGone(SagaCodes.Undone);
            var again = await key.DoAsync();
            // An undo that was under way came through or it did not; a do can be sent again.
            if (isUndo) again.AnswersEither("200 or 410, as its undo was under way", 200, 410);
            else again.Answers(200);
            if (again.Reply.Status == 200) (await key.DoAsync()).Answers(200).SameAs(done ?? again);
            (await key.UndoAsync()).Answers(200).InState("undone");
            (await key.DoAsync()).IsGone(SagaCodes.Undone);
        }

        await trial.GoodsAreBackAsync("each was done once and undone once");
    }

    /// <summary>Kills it, starts it again and waits until somebody answers.</summary>
    private static async Task RestartAsync(Trial trial, Func<CancellationToken, Task>? before = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(trial.Cancel);
        patience.CancelAfter(KitLimits.Restart);
        using var line = new OpenLine();
        if (!await line.TryOpenAsync(trial.Options.Address, patience.Token))
            throw new BrokenException("Nobody answers before the restart.");
        try
        {
            if (before is not null) await before(patience.Token);
            await trial.Run.RestartAsync(patience.Token);
            while (await trial.Run.Client.ReachAsync(patience.Token) is not null)
                await Task.Delay(KitLimits.LookEvery, trial.Run.Clock, patience.Token);
        }
        catch (OperationCanceledException) when (!trial.Cancel.IsCancellationRequested)
        {
            throw new BrokenException(
                $"Nobody answers {KitLimits.Restart.TotalSeconds} s after the restart. The command must put the participant "
                + $"into the background and end: {trial.Options.Restart}");
        }

        // A command that kills nobody must not be taken for a participant that came through.
        if (!await line.IsOverAsync(KitLimits.Goodbye, trial.Cancel))
            throw new NotOfferedException(
                "the restart command ended, and a connection from before it is still open: the participant was not killed, "
                + "or something in between answers for it; give its own address");
    }
}
