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
        (Ended ended, _) => Counted(ended, e),
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
        NotStarted or Ended => [],
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
        TimerSet { Timer: TimerNames.Deadline } => saga with { DeadlineTimerIsSet = true },
        TimerSet set => Calls.TimerIsSet(saga, set.Timer),
        TimerPassed { Timer: TimerNames.Deadline } => Deadlines.Passed(saga),
        TimerPassed passed => Calls.WaitIsOver(saga, passed.Timer),
        CancelRequested cancel => Cancelled(saga, cancel),
        RetryRequested => Calls.AllWaitsAreOver(saga),
        SuspendRequested => saga is Compensating ? saga : saga with { Suspended = true },
        ResumeRequested => Forward.Resume(saga, e.At),
        TerminateRequested terminate when saga is Doing or Confirming => Backward.Begin(
            saga, new SagaReason(ReasonCodes.Terminated, $"terminated by {terminate.Actor}", terminate.Actor)),
        // Past the point of no return it goes forward, also when it was suspended: who could resume it is gone.
        TerminateRequested => saga with { Suspended = false },
        TriesCounted counted => Calls.Counted(saga, counted),
        SagaEnded end => End(saga, end),
        _ => throw new UnreachableException($"Unknown event {e.GetType().Name}."),
    };

    private static StartedSaga Cancelled(StartedSaga saga, CancelRequested cancel)
    {
        if (saga is not (Doing or Confirming)) return saga;
        var text = string.IsNullOrWhiteSpace(cancel.Reason)
            ? $"cancelled by {cancel.Actor}"
            : $"cancelled by {cancel.Actor}: {cancel.Reason}";
        return Backward.Begin(saga, new SagaReason(ReasonCodes.Cancelled, text, cancel.Actor));
    }

    private static Ended End(StartedSaga saga, SagaEnded end) => new()
    {
        Definition = saga.Definition,
        Version = saga.Version,
        Start = saga.Start,
        Steps = saga.Steps,
        LastAt = saga.LastAt,
        DeadlineTimerIsSet = saga.DeadlineTimerIsSet,
        End = end,
        Reason = saga is Compensating back ? back.Reason : null,
    };
}
