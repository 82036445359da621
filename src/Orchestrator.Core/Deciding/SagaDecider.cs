using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The two functions both engines run. Pure: what they answer follows from their arguments alone. Source:
/// docs/protocol.md section 4.
/// </summary>
public static class SagaDecider
{
    /// <summary>The state before the first event.</summary>
    public static SagaState Before(SagaDefinition definition) => new NotStarted { Definition = definition };

    /// <summary>Folds one event into the state.</summary>
    public static SagaState Evolve(SagaState state, SagaEvent e) => (state, e) switch
    {
        (NotStarted before, SagaStarted start) => Forward.Begin(before, start),
        (NotStarted, _) =>
            throw new UnreachableException($"A history begins with its start, not with {e.GetType().Name}."),
        (StartedSaga saga, SagaStarted) =>
            throw new UnreachableException($"Saga {saga.Start.SagaId} is started twice in its history."),
        // First answer wins: what comes after the end stays visible in the history and changes nothing.
        (Ended ended, _) => AfterEnd((Ended)Counted(ended, e), e),
        (StartedSaga saga, _) => Deadlines.Apply(Evolve(Counted(saga, e), e), e.At),
        _ => throw new UnreachableException($"Unknown state {state.GetType().Name}."),
    };

    /// <summary>
    /// What is to be recorded next, all at the instant <paramref name="now" />: calls, timers, the end. Empty when
    /// nothing is. Run after each event with that event's own instant; what it answers is recorded in the same commit
    /// as the event.
    /// </summary>
    public static ImmutableArray<SagaEvent> Decide(SagaState state, DateTimeOffset now) => state switch
    {
        NotStarted => [],
        Ended saga => Backward.Decide(saga, now),
        Doing saga => Forward.DecideDoing(saga, now),
        Confirming saga => Forward.DecideConfirming(saga, now),
        Pivoting saga => Forward.DecidePivot(saga, now),
        Finishing saga => Forward.DecideFinishing(saga, now),
        Compensating saga => Backward.Decide(saga, now),
        _ => throw new UnreachableException($"Unknown state {state.GetType().Name}."),
    };

    private static StartedSaga Counted(StartedSaga saga, SagaEvent e) =>
        saga with { Version = saga.Version + 1, LastAt = e.At > saga.LastAt ? e.At : saga.LastAt };

    private static StartedSaga Evolve(StartedSaga saga, SagaEvent e) => e switch
    {
        CallSent sent => Calls.Sent(saga, sent),
        CallAnswered answered => Calls.Answered(saga, answered),
        TimerSet set when TimerNames.IsDeadline(set.Timer) => IsDeadline(saga, set.Timer)
            ? saga with { DeadlineTimerIsSet = true }
            : saga,
        TimerSet set => Calls.TimerIsSet(saga, set.Timer),
        // The timer of an expiry that was moved says nothing any more.
        TimerPassed passed when TimerNames.IsDeadline(passed.Timer) =>
            IsDeadline(saga, passed.Timer) ? Deadlines.Passed(saga) : saga,
        TimerPassed passed => Calls.WaitIsOver(saga, passed.Timer),
        CancelRequested cancel => Cancelled(saga, cancel),
        RetryRequested retry => Calls.AllWaitsAreOver(saga, retry.Participant),
        SuspendRequested => saga is Compensating ? saga : saga with { Suspended = true },
        ResumeRequested => Forward.Resume(saga, e.At),
        TerminateRequested terminate when saga is Doing or Confirming => Backward.Begin(
            saga, new SagaReason(ReasonCodes.Terminated, $"terminated by {terminate.Actor}", terminate.Actor)),
        // Past the point of no return it goes forward, also when it was suspended: who could resume it is gone.
        TerminateRequested => saga with { Suspended = false },
        ExtendRequested extend => Extensions.Requested(saga, extend),
        ResendRequested resend => Resends.Requested(saga, resend),
        ResolveRequested resolve => Resolves.Requested(saga, resolve),
        // Only an ended saga is run again.
        RerunRequested => saga,
        TriesCounted counted => Calls.Counted(saga, counted),
        SagaEnded end => new Ended(saga, end) { Suspended = false, Extension = Extensions.Over(saga.Extension) },
        _ => throw new UnreachableException($"Unknown event {e.GetType().Name}."),
    };

    /// <summary>
    /// The outcome stays. What a person has resolved is still asked for, and the saga may be run again as another one.
    /// </summary>
    private static StartedSaga AfterEnd(Ended ended, SagaEvent e) => e switch
    {
        RerunRequested rerun => ended with { RerunAs = ended.RerunAs.Add(rerun.RerunAs) },
        CallSent sent when ended.HasUnverified() => Calls.Sent(ended, sent),
        CallAnswered answered when ended.HasUnverified() => Calls.Answered(ended, answered),
        TimerSet set when ended.HasUnverified() => Calls.TimerIsSet(ended, set.Timer),
        TimerPassed passed when ended.HasUnverified() => Calls.WaitIsOver(ended, passed.Timer),
        TriesCounted counted when ended.HasUnverified() => Calls.Counted(ended, counted),
        _ => ended,
    };

    private static bool IsDeadline(StartedSaga saga, string timer) =>
        timer == TimerNames.DeadlineAfter(saga.ExtendedBy);

    private static StartedSaga Cancelled(StartedSaga saga, CancelRequested cancel)
    {
        if (saga is not (Doing or Confirming)) return saga;
        var text = string.IsNullOrWhiteSpace(cancel.Reason)
            ? $"cancelled by {cancel.Actor}"
            : $"cancelled by {cancel.Actor}: {cancel.Reason}";
        return Backward.Begin(saga, new SagaReason(ReasonCodes.Cancelled, text, cancel.Actor));
    }
}
