using System.Collections.Immutable;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The two functions both engines run. Pure: what they answer follows from their arguments alone.
/// </summary>
public static class SagaDecider
{
    /// <summary>The state before the first event.</summary>
    public static SagaState Before(SagaDefinition definition) => new NotStarted { Definition = definition };

    /// <summary>Folds one event into the state.</summary>
    public static SagaState Evolve(SagaState state, SagaEvent e) => throw new NotSupportedException();

    /// <summary>
    /// What is to be recorded next, all at the instant <paramref name="now" />: calls, timers, the end. Empty when nothing is.
    /// Run after each event with that event's own instant; what it answers is recorded in the same commit as the event.
    /// </summary>
    public static ImmutableArray<SagaEvent> Decide(SagaState state, DateTimeOffset now) => throw new NotSupportedException();
}

/// <summary>What the outside sees of a saga's state.</summary>
public static class SagaViews
{
    /// <summary>The phase's name.</summary>
    public static SagaPhase Phase(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>A person should look; it goes on trying meanwhile.</summary>
    public static bool IsStuck(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>A participant that is, or may be, confirmed owes an undo.</summary>
    public static bool IsInDoubt(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>Why it went back, or what holds it; null when nothing is wrong.</summary>
    public static SagaReason? Reason(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>Past the expiry, not ended, not past the point of no return.</summary>
    public static bool IsOverdue(this StartedSaga saga, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>The timers the saga waits for: name and instant. Empty once it has ended.</summary>
    public static IEnumerable<TimerSet> OpenTimers(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>The calls whose answer is not recorded: after a crash they go out again with the same id.</summary>
    public static IEnumerable<OpenCall> OpenCalls(this StartedSaga saga) => throw new NotSupportedException();

    /// <summary>The participants that are told the end: all that were called in armed, pivot or retriable steps.</summary>
    public static ImmutableArray<string> ParticipantsToTell(this StartedSaga saga) => throw new NotSupportedException();
}

/// <summary>A call as it is to be sent: all a caller needs besides the address.</summary>
/// <param name="Saga">The saga it belongs to.</param>
/// <param name="Step">The step as it is known now; its data is what is sent.</param>
/// <param name="Sent">The recorded decision.</param>
public sealed record OpenCall(StartedSaga Saga, StepState Step, CallSent Sent);

/// <summary>What the outside sees of a step.</summary>
public enum StepView
{
    /// <summary>Not called yet.</summary>
    Pending,

    /// <summary>The first call is under way.</summary>
    Calling,

    /// <summary>Done, also a pivot or retriable that succeeded.</summary>
    Done,

    /// <summary>The confirm is acknowledged.</summary>
    Confirmed,

    /// <summary>The business said no.</summary>
    Refused,

    /// <summary>An undo is under way or owed.</summary>
    Undoing,

    /// <summary>Undone, or answered 410.</summary>
    Undone,

    /// <summary>Nobody knows: calls brought no answer.</summary>
    Unknown,
}
