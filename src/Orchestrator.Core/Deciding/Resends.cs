using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The verb resend. With the same data what waits goes now. With other data the key is given up: it is undone and that
/// acknowledged before the <c>do</c> goes out under the next key, so no participant ever keeps both.
/// </summary>
internal static class Resends
{
    /// <summary>Folds the verb.</summary>
    public static StartedSaga Requested(StartedSaga saga, ResendRequested e)
    {
        var step = saga.Steps.FirstOrDefault(candidate => candidate.Definition.Name == e.Step);
        if (step is null) return saga;
        if (e.Data is not { } data || !IsEdit(step, data)) return WaitsAreOver(saga, step);
        return MayEdit(saga, step) ? UnderNextKey(saga, step, data, null) : saga;
    }

    /// <summary>
    /// Gives the key up, when it was sent, and goes on under the next one: with other data, or with a person's word
    /// instead of a call.
    /// </summary>
    public static StartedSaga UnderNextKey(StartedSaga saga, StepState step, JsonData? data, ResolveRequested? word)
    {
        if (step.Do is CallState.NotSent) return saga.With(step with { Data = data, Word = word, Warning = null });
        var fresh = new StepState
        {
            Definition = step.Definition,
            Key = Keys.Next(saga, step),
            Data = data,
            StartedAt = step.StartedAt,
            Word = word,
        };
        var index = saga.Steps.IndexOf(step);
        return saga with { Former = saga.Former.Add(GiveUp(step)), Steps = saga.Steps.SetItem(index, fresh) };
    }

    /// <summary>
    /// True when other data may still be sent: a <c>do</c> that is not answered, before the point of no return; a pivot
    /// or retriable that was sent and is not done, after it.
    /// </summary>
    public static bool MayEdit(StartedSaga saga, StepState step)
    {
        var isOpen = step.Do is not (CallState.NotSent or CallState.Answered) || saga.AwaitsBar(step)
            || (step.Do is CallState.NotSent && saga.KeysOf(step).Count() > 1);
        return isOpen && saga switch
        {
            Doing => true,
            Pivoting => step.Definition.Kind == StepKind.Pivot,
            Finishing => step.Definition.Kind == StepKind.Retriable,
            _ => false,
        };
    }

    /// <summary>
    /// False when the data is what the step has anyway: a repeated request makes no second key. Instead of a person's
    /// word any data counts.
    /// </summary>
    public static bool IsEdit(StepState step, JsonData data) =>
        step.Word is not null || step.Data is not { } known
        || !(known == data || DataDigest.Of(known) == DataDigest.Of(data));

    /// <summary>
    /// Asks for the undo of keys that were given up, suspended or not; true while one is owed, and nothing else may be
    /// sent.
    /// </summary>
    public static bool Bar(StartedSaga saga, Decisions events)
    {
        var owed = false;
        foreach (var former in saga.Former)
        {
            if (!former.OwesUndo) continue;
            owed = true;
            Backward.Undo(former, events);
        }

        return owed;
    }

    /// <summary>
    /// An unarmed step's given-up <c>do</c> was answered: that tells whether the call has ended, which its undo waits
    /// for, and nothing else.
    /// </summary>
    public static StepState Settled(StepState former) => former.Do is CallState.Waiting { AskAt: null }
        ? former with { Do = new CallState.Abandoned(former.Do.Tally) }
        : former;

    /// <summary>
    /// The undo of a given-up key was answered <c>done</c>: the pivot or retriable had been carried out. It counts, and
    /// nothing is sent under the next key.
    /// </summary>
    public static StartedSaga TakeBack(StartedSaga saga, StepState former, Verdict.StillDone verdict, CallAnswered e)
    {
        var index = saga.Steps.FindIndex(step => step.Definition.Name == former.Definition.Name);
        var done = former with
        {
            Do = new CallState.Answered(former.Do.Tally, new Verdict.Done(verdict.Output, verdict.Warning)),
            Undo = CallState.NotSent.Instance,
            Warning = verdict.Warning ?? former.Warning,
            EndedAt = e.At,
        };
        return saga with { Former = saga.Former.Remove(former), Steps = saga.Steps.SetItem(index, done) };
    }

    private static StepState GiveUp(StepState step) => Backward.MustEndFirst(step)
        ? step
        : step with { Do = new CallState.Abandoned(step.Do.Tally) };

    private static StartedSaga WaitsAreOver(StartedSaga saga, StepState step) => saga.WithAll(
        key => key.Definition.Name == step.Definition.Name
            ? Calls.SendNow(key)
            : key);
}
