using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The verb extend: armed steps that are done are asked, a step whose <c>do</c> is under way right after its answer;
/// no new call goes out meanwhile, and the saga's own expiry moves last, once all of them hold on.
/// </summary>
internal static class Extensions
{
    /// <summary>
    /// Tries of one extend: everything else of the saga waits for its answer, so it is given up soon; who asked may ask
    /// again.
    /// </summary>
    public const int MaxTries = 3;

    /// <summary>
    /// Begins to ask. The same expiry as last time has the same number, so a repeated ask is recognised.
    /// </summary>
    public static StartedSaga Requested(StartedSaga saga, ExtendRequested e)
    {
        if (saga is not Doing || saga.Extension is { Progress: ExtensionProgress.Asking }) return saga;
        if (e.ExpiresAt <= saga.ExpiresAt || e.At >= saga.ExpiresAt) return saga;
        var again = saga.Extension?.To == e.ExpiresAt;
        var number = again ? saga.Extension!.Number : (saga.Extension?.Number ?? 0) + 1;
        var asking = saga with
        {
            Extension = new Extension(number, e.ExpiresAt, ExtensionProgress.Asking),
            Steps = [.. saga.Steps.Select(step => again ? AskAgain(step) : Fresh(step))],
        };
        return Forward.Advance(asking, e.At);
    }

    /// <summary>The outcome is not known and nobody asks for it any more.</summary>
    public static Extension? Over(Extension? extension) => extension is { Progress: ExtensionProgress.Asking }
        ? extension with { Progress = ExtensionProgress.NotExtended }
        : extension;

    /// <summary>True while it has no outcome: what was never sent waits, and Doing is not left.</summary>
    public static bool HoldsUp(StartedSaga saga) => saga.Extension is { Progress: ExtensionProgress.Asking };

    /// <summary>Asks those that are to be asked.</summary>
    public static void Decide(Doing saga, Decisions events)
    {
        if (saga.Extension is not { Progress: ExtensionProgress.Asking } asking) return;
        foreach (var step in saga.Steps)
            if (IsAsked(step, asking))
                events.Send(step, CommandKind.Extend);
    }

    /// <summary>An extend is recorded as sent.</summary>
    public static StepState Sent(StepState step, CallSent e) =>
        step with { ExtendNumber = e.Extension, ExtendTo = e.ExpiresAt };

    /// <summary>An extend was answered, or given up.</summary>
    public static StartedSaga Answered(StartedSaga saga, CallAnswered e)
    {
        if (saga is not Doing || saga.FindKey(e.Step) is not { } step || step.ExtendNumber != e.Extension) return saga;
        var call = step.Extend;
        if (call is CallState.NotSent or CallState.Answered) return saga;
        var verdict = AnswerRules.Read(e.Command, step.Definition.Kind, e.Answer, call.AskAt() is not null);
        var isCurrent = call is CallState.Underway && e.Attempt == call.Tally.Attempt;
        if (verdict is Verdict.Unknown or Verdict.InProgress && !isCurrent) return saga;
        step = step with { Extend = Next(step, call, saga.Start.SagaId, e, verdict) };
        if (verdict is Verdict.Done) step = step with { HeldUntil = step.ExtendTo };
        return Forward.Advance(saga.With(step), e.At);
    }

    private static CallState Next(
        StepState step, CallState call, string sagaId, CallAnswered e, Verdict verdict)
    {
        var tally = call.Tally;
        switch (verdict)
        {
            case Verdict.InProgress progress:
                return Calls.Wait(step, tally, progress.Location ?? call.AskAt(), sagaId, e, false);
            case Verdict.Unknown unknown when tally.Failures + 1 < MaxTries:
                tally = tally with { Failures = tally.Failures + 1, LastError = unknown.Text };
                var askAt = unknown.ForgetLocation ? null : call.AskAt();
                return Calls.Wait(step, tally, askAt, sagaId, e, false);
            case Verdict.Unknown unknown:
                tally = tally with { Failures = tally.Failures + 1, LastError = unknown.Text };
                return new CallState.Answered(tally, new Verdict.Failed(ReasonCodes.Failed, unknown.Text, false));
            default:
                return new CallState.Answered(tally, verdict);
        }
    }

    /// <summary>
    /// Once everybody has answered it has an outcome: moved when every armed step that was sent holds on, or not when
    /// one does not. Not when the expiry has come first, for that rules by the instants of events.
    /// </summary>
    public static StartedSaga Settle(StartedSaga saga, DateTimeOffset at)
    {
        if (saga is not Doing || saga.Extension is not { Progress: ExtensionProgress.Asking } asking) return saga;
        if (at >= saga.ExpiresAt || saga.Steps.Any(step => IsAsked(step, asking))) return saga;
        if (saga.Steps.Any(step => step is { IsArmed: true, IsDone: true } && step.HeldUntil < asking.To))
            return saga with { Extension = asking with { Progress = ExtensionProgress.NotExtended } };
        // A do that never answers lets the old expiry rule.
        if (saga.Steps.Any(step => step is { IsArmed: true, IsDone: false, Do: not CallState.NotSent })) return saga;
        return saga with
        {
            Extension = asking with { Progress = ExtensionProgress.Extended },
            ExtendedTo = asking.To,
            ExtendedBy = asking.Number,
            DeadlineTimerIsSet = false,
        };
    }

    /// <summary>True for a step that is to be asked and has not answered.</summary>
    private static bool IsAsked(StepState step, Extension asking) =>
        step is { IsArmed: true, IsDone: true, Extend: not CallState.Answered } && step.HeldUntil < asking.To;

    private static StepState Fresh(StepState step) => step with { Extend = CallState.NotSent.Instance };

    /// <summary>The command goes on where it was given up, so that no attempt has the number of another.</summary>
    private static StepState AskAgain(StepState step) => step.Extend is CallState.Answered { Verdict: not Verdict.Done }
        ? step with { Extend = new CallState.Ready(step.Extend.Tally with { Failures = 0 }, null) }
        : step;
}
