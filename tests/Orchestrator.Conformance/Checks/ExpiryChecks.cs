using System.Globalization;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>
/// The participant's own clock. Nothing is sent between the do and the look: everybody else might be dead.
/// </summary>
internal static class ExpiryChecks
{
    private static readonly TimeSpan BetweenConfirms = TimeSpan.FromMilliseconds(110);

    internal static IEnumerable<Check> Of(OfferedStep step)
    {
        // Alone, so that the goods are watched: what a ledger says and what the business did are two things.
        yield return new("expiry-undoes", "A held step is undone by the participant itself once it expires", "section 2, own clock; P2",
            "When broker, sidecar and orchestrator are dead the goods stay taken for ever.",
            trial => UndoesAsync(trial, step));
        foreach (var check in Waiting(step)) yield return check with { Turn = Turn.Together };
    }

    private static IEnumerable<Check> Waiting(OfferedStep step) =>
    [
        new("expiry-not-before", "A held step is not undone before its expiry", "section 2, own clock",
            "Goods are given away while the saga still counts on them.",
            trial => NotBeforeAsync(trial, step)),
        new("expiry-after-confirm", "A confirmed step is not undone by its own clock", "section 2, own clock x confirmed; P1",
            "The saga is complete and the goods are gone from it: the one thing that must never happen.",
            trial => AfterConfirmAsync(trial, step)),
        new("expiry-late-confirm", "A confirm at or after the expiry is 410 and undoes at once", "section 2, confirm x held after expiry",
            "A participant that was slow to undo is confirmed although others have already undone.",
            trial => LateConfirmAsync(trial, step)),
        new("expiry-race-confirm", "A confirm at the moment of the expiry: 200 and kept, or 410 and undone", "section 2, P1",
            "The orchestrator heard 200 and reports success; the step was undone in the same moment.",
            trial => RaceConfirmAsync(trial, step)),
        new("expiry-race-undo", "An undo at the moment of the expiry is 200, and it is undone once", "section 2, undo x held; own clock",
            "The undo by command and the one by the clock both give the goods back.",
            trial => RaceUndoAsync(trial, step)),
        new("expiry-by-remaining", "sagaremaining that ends before expirytime is the expiry", "section 2, armed expiry",
            "A participant whose clock is slow holds longer than the saga lives.",
            trial => RemainingAsync(trial, step)),
        new("expiry-by-stamp", "expirytime that comes before sagaremaining ends is the expiry", "section 2, armed expiry",
            "A message that was under way for long is held longer than the saga lives.",
            trial => StampAsync(trial, step)),
        new("expiry-nothing-remaining", "A do with nothing remaining never runs", "section 2, armed expiry",
            "The saga was over when the do was sent; what it did stays done until the stamp.",
            trial => NothingRemainingAsync(trial, step)),
        new("expiry-extended", "An extended step outlives its old expiry and is undone at the new one", "section 2, extend x held; P7",
            "A postponed saga loses its goods at the old deadline, or never gives them back.",
            trial => ExtendedAsync(trial, step)),
        new("expiry-after-end", "A held step whose saga ended is still undone", "section 2, end x held",
            "Somebody who is only told the end keeps the goods for ever.",
            trial => AfterEndAsync(trial, step)),
        new("expiry-of-many", $"{KitLimits.Crowd} steps that expire in one instant are all undone", "section 2, batches",
            "After a crash with many sagas under way, some are forgotten.",
            trial => ManyAsync(trial, step)),
    ];

    /// <summary>Holds a step for the time to be waited for.</summary>
    private static async Task<Sent> HoldAsync(Trial trial, StepKey key)
    {
        return await HoldAsync(trial, key, trial.Options.Hold);
    }

    private static async Task<Sent> HoldAsync(Trial trial, StepKey key, TimeSpan hold)
    {
        key.ExpiresAt = Instants.ToMilliseconds(trial.Now + hold);
        var sent = await key.DoAsync();
        if (sent.Reply.Status == 410 && sent.Reply.CameAt >= key.ExpiresAt)
            throw new TooSlowException("the do arrived after its expiry");
        return sent.Answers(200).InState("held");
    }

    /// <summary>
    /// It was undone by expiry and sweep, with some grace. It is looked at without a command where that is possible,
    /// for a command might undo what the watcher forgot.
    /// </summary>
    internal static async Task IsUndoneByItselfAsync(Trial trial, StepKey key, DateTimeOffset expiresAt)
    {
        var latest = expiresAt + trial.Options.Sweep + trial.Options.Grace;
        await trial.PauseUntilAsync(expiresAt);
        while (true)
        {
            var isLast = trial.Now >= latest;
            var row = await key.RowAsync();
            var state = row is { IsThere: true } ? row.State : (await key.DoAsync()).Reply.Status == 410 ? "undone" : "held";
            if (state == "undone") break;
            if (isLast)
                trial.Must(
                    $"the step, {Seconds(trial.Now - expiresAt)} after its expiry",
                    $"undone by {Seconds(trial.Options.Sweep)} (and {Seconds(trial.Options.Grace)} of grace) after its expiry", false,
                    $"it is {state ?? "unknown"}");
            await trial.PauseAsync(KitLimits.LookEvery);
        }

        (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Undone).InState("undone");
    }

    private static async Task UndoesAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        await HoldAsync(trial, key);
        await IsUndoneByItselfAsync(trial, key, key.ExpiresAt);
        await trial.GoodsAreBackAsync("undone at the expiry");
        (await key.ConfirmAsync()).IsGone(SagaCodes.Expired, SagaCodes.Undone);
        (await key.UndoAsync()).Answers(200).InState("undone");
        await trial.GoodsAreBackAsync("undone once");
    }

    private static async Task NotBeforeAsync(Trial trial, OfferedStep step)
    {
        var hold = trial.Options.Hold;
        for (var tries = 0; tries < KitLimits.SlowTries; tries++)
        {
            var key = trial.NewSaga(step);
            var first = await HoldAsync(trial, key, hold);
            await trial.PauseUntilAsync(key.ExpiresAt - (hold / 4));
            var again = await key.DoAsync();
            // What was said before the expiry counts, and what was said after it proves nothing.
            if (again.Reply.CameAt < key.ExpiresAt)
            {
                again.Answers(200).SameAs(first).InState("held");
                return;
            }

            hold *= 2;
        }

        throw new TooSlowException("no answer came before the expiry, which would have said whether it is still held");
    }

    private static async Task AfterConfirmAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = await HoldAsync(trial, key);
        var confirmed = await key.ConfirmAsync();
        if (confirmed.Reply.Status == 410 && confirmed.Reply.CameAt >= key.ExpiresAt)
            throw new TooSlowException("the confirm arrived after the expiry");
        confirmed.Answers(200);
        await trial.PauseUntilAsync(key.ExpiresAt + trial.Options.Sweep + KitLimits.ResendPause);
        (await key.ConfirmAsync()).Answers(200).InState("confirmed");
        (await key.DoAsync()).Answers(200).SameAs(first).InState("confirmed");
        await key.RowIsAsync("confirmed");
    }

    private static async Task LateConfirmAsync(Trial trial, OfferedStep step)
    {
        // The participant's own undo may come first, and then this shows nothing: so it is tried at several moments.
        await Task.WhenAll(Enumerable.Range(0, KitLimits.Races).Select(async index =>
        {
            var key = trial.NewSaga(step);
            key.ExpiresAt = Instants.ToMilliseconds(trial.Now + trial.Options.Hold + (index * BetweenConfirms));
            (await key.DoAsync()).Answers(200).InState("held");
            await trial.PauseUntilAsync(key.ExpiresAt + TimeSpan.FromMilliseconds(5));
            (await key.ConfirmAsync()).IsGone(SagaCodes.Expired).InState("undone");
            (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Undone);
            await key.RowIsAsync("undone");
        }));
    }

    private static async Task RaceConfirmAsync(Trial trial, OfferedStep step)
    {
        var expiresAt = Instants.ToMilliseconds(trial.Now + trial.Options.Hold);
        var keys = Enumerable.Range(0, KitLimits.Races).Select(_ => trial.NewSaga(step)).ToList();
        foreach (var key in keys) key.ExpiresAt = expiresAt;
        await Task.WhenAll(keys.Select(async key => (await key.DoAsync()).Answers(200)));
        // Some before, some after, 4 ms apart.
        var answers = await Task.WhenAll(keys.Select(async (key, index) =>
        {
            await trial.PauseUntilAsync(expiresAt + TimeSpan.FromMilliseconds(4 * (index - (KitLimits.Races / 2))));
            return await key.ConfirmAsync();
        }));
        await trial.PauseUntilAsync(expiresAt + trial.Options.Sweep + KitLimits.ResendPause);
        foreach (var (key, answer) in keys.Zip(answers))
        {
            answer.AnswersEither("200 or 410", 200, 410);
            if (answer.Reply.Status == 200)
                (await key.DoAsync()).Answers(200).InState("confirmed");
            else
                (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Undone).InState("undone");
        }
    }

    private static async Task RaceUndoAsync(Trial trial, OfferedStep step)
    {
        var expiresAt = Instants.ToMilliseconds(trial.Now + trial.Options.Hold);
        var keys = Enumerable.Range(0, KitLimits.Races).Select(_ => trial.NewSaga(step)).ToList();
        foreach (var key in keys) key.ExpiresAt = expiresAt;
        await Task.WhenAll(keys.Select(async key => (await key.DoAsync()).Answers(200)));
        await Task.WhenAll(keys.Select(async (key, index) =>
        {
            await trial.PauseUntilAsync(expiresAt + TimeSpan.FromMilliseconds(4 * (index - (KitLimits.Races / 2))));
            (await key.UndoAsync()).Answers(200).InState("undone");
        }));
        await trial.PauseUntilAsync(expiresAt + trial.Options.Sweep + KitLimits.ResendPause);
        foreach (var key in keys)
        {
            (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Undone).InState("undone");
            await key.RowIsAsync("undone");
        }
    }

    private static async Task RemainingAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        trial.WillUndo(key);
        var far = Instants.ToMilliseconds(trial.Now + KitLimits.LongHold);
        var done = await trial.SendAsync(key.Do().Expiring(far, trial.Options.Hold));
        done.Answers(200).InState("held");
        // It counts from the receipt, which was before the answer came.
        await IsUndoneByItselfAsync(trial, key, done.Reply.CameAt + trial.Options.Hold);
    }

    private static async Task StampAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        trial.WillUndo(key);
        var soon = Instants.ToMilliseconds(trial.Now + trial.Options.Hold);
        (await trial.SendAsync(key.Do().Expiring(soon, KitLimits.LongHold))).Answers(200).InState("held");
        await IsUndoneByItselfAsync(trial, key, soon);
    }

    private static async Task NothingRemainingAsync(Trial trial, OfferedStep step)
    {
        var far = Instants.ToMilliseconds(trial.Now + KitLimits.LongHold);
        foreach (var remaining in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-5)])
        {
            var key = trial.NewSaga(step);
            trial.WillUndo(key);
            (await trial.SendAsync(key.Do().Expiring(far, remaining))).IsGone(SagaCodes.Expired).InState("barred");
            (await key.DoAsync()).IsGone(SagaCodes.Expired, SagaCodes.Barred);
        }
    }

    private static async Task ExtendedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = await HoldAsync(trial, key);
        var old = key.ExpiresAt;
        var later = Instants.ToMilliseconds(old + trial.Options.Sweep + trial.Options.Hold);
        var extended = await key.ExtendAsync(later);
        if (extended.Reply.Status is 409 or 410 && extended.Reply.CameAt >= old)
            throw new TooSlowException("the extension arrived after the expiry");
        extended.Answers(200).InState("held");
        await trial.PauseUntilAsync(old + trial.Options.Sweep + KitLimits.ResendPause);
        var again = await key.DoAsync();
        if (again.Reply.CameAt >= later)
            throw new TooSlowException("no answer came between the old expiry and the new one");
        again.Answers(200).SameAs(first).InState("held");
        await IsUndoneByItselfAsync(trial, key, later);
    }

    private static async Task AfterEndAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        await HoldAsync(trial, key);
        await EndChecks.EndAsync(trial, WireWords.Compensated, key.SagaId);
        await IsUndoneByItselfAsync(trial, key, key.ExpiresAt);
    }

    private static async Task ManyAsync(Trial trial, OfferedStep step)
    {
        var expiresAt = Instants.ToMilliseconds(trial.Now + trial.Options.Hold);
        var keys = Enumerable.Range(0, KitLimits.Crowd).Select(_ => trial.NewSaga(step)).ToList();
        foreach (var key in keys) key.ExpiresAt = expiresAt;
        await Task.WhenAll(keys.Select(async key => (await key.DoAsync()).Answers(200)));
        await Task.WhenAll(keys.Select(key => IsUndoneByItselfAsync(trial, key, expiresAt)));
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}
