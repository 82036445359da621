using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>
/// The fold of a saga's history: a closed union by phase. Never stored as truth, only made by
/// SagaDecider.Evolve. Immutable.
/// </summary>
public abstract record SagaState
{
    private protected SagaState()
    {
    }

    /// <summary>The definition version the saga stays on.</summary>
    public required SagaDefinition Definition { get; init; }

    /// <summary>Number of events folded: the expected version of the next commit.</summary>
    public int Version { get; init; }
}

/// <summary>Before the first event.</summary>
public sealed record NotStarted : SagaState;

/// <summary>What all phases after the start share.</summary>
public abstract record StartedSaga : SagaState
{
    private protected StartedSaga()
    {
    }

    /// <summary>The first event.</summary>
    public required SagaStarted Start { get; init; }

    /// <summary>The steps, in the definition's order.</summary>
    public required ImmutableArray<StepState> Steps { get; init; }

    /// <summary>The instant of the last event.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>
    /// Keys that were given up for another one with other data, in the order in which they were: each owes an undo
    /// until that is acknowledged.
    /// </summary>
    public ImmutableArray<StepState> Former { get; init; } = [];

    /// <summary>The last extension that was asked for; null before the first.</summary>
    public Extension? Extension { get; init; }

    /// <summary>The expiry after the last extension that succeeded; null before the first.</summary>
    public DateTimeOffset? ExtendedTo { get; init; }

    /// <summary>Number of the last extension that succeeded; 0 before the first.</summary>
    public int ExtendedBy { get; init; }

    /// <summary>When the saga must have ended.</summary>
    public DateTimeOffset ExpiresAt => ExtendedTo ?? Start.ExpiresAt;

    /// <summary>True once the timer of the expiry is recorded.</summary>
    public bool DeadlineTimerIsSet { get; init; }

    /// <summary>
    /// True while an operator holds the saga still: nothing but undos goes out. It lasts from phase to phase and is
    /// over once the saga turns back or ends.
    /// </summary>
    public bool Suspended { get; init; }
}

/// <summary>Steps before the point of no return run in order.</summary>
public sealed record Doing : StartedSaga;

/// <summary>Armed participants are asked to keep their work, all at once.</summary>
public sealed record Confirming : StartedSaga
{
    /// <summary>The next phase of a saga.</summary>
    [SetsRequiredMembers]
    public Confirming(StartedSaga saga)
        : base(saga)
    {
    }
}

/// <summary>The pivot was sent: its answer decides, deadline and cancel no longer apply.</summary>
public sealed record Pivoting : StartedSaga
{
    /// <summary>The next phase of a saga.</summary>
    [SetsRequiredMembers]
    public Pivoting(StartedSaga saga)
        : base(saga)
    {
    }
}

/// <summary>Past the point of no return: only forward.</summary>
public sealed record Finishing : StartedSaga
{
    /// <summary>The next phase of a saga.</summary>
    [SetsRequiredMembers]
    public Finishing(StartedSaga saga)
        : base(saga)
    {
    }
}

/// <summary>Every key whose do was sent is undone.</summary>
public sealed record Compensating : StartedSaga
{
    /// <summary>A saga that turns back.</summary>
    [SetsRequiredMembers]
    public Compensating(StartedSaga saga, SagaReason reason)
        : base(saga) => Reason = reason;

    /// <summary>Why the saga went back.</summary>
    public SagaReason Reason { get; init; }
}

/// <summary>
/// The outcome is known and stays. Undos that a person has resolved without an answer go on until they are answered.
/// </summary>
public sealed record Ended : StartedSaga
{
    /// <summary>A saga that ends.</summary>
    [SetsRequiredMembers]
    public Ended(StartedSaga saga, SagaEnded end)
        : base(saga)
    {
        End = end;
        Reason = saga is Compensating back ? back.Reason : null;
    }

    /// <summary>The event that ended it.</summary>
    public SagaEnded End { get; init; }

    /// <summary>Why the saga went back; null for a completed one.</summary>
    public SagaReason? Reason { get; init; }

    /// <summary>Ids of the sagas that ran this one again, oldest first.</summary>
    public ImmutableArray<string> RerunAs { get; init; } = [];
}

/// <summary>How far an extension has come.</summary>
public enum ExtensionProgress
{
    /// <summary>Participants are asked; no new call goes out meanwhile.</summary>
    Asking,

    /// <summary>Every one that was asked holds on; the saga's own expiry has moved.</summary>
    Extended,

    /// <summary>Somebody did not; the saga's own expiry is where it was.</summary>
    NotExtended,
}

/// <summary>An extension. Immutable.</summary>
/// <param name="Number">From 1; the end of the commands' ids.</param>
/// <param name="To">The expiry that is wanted.</param>
/// <param name="Progress">How far it has come.</param>
public sealed record Extension(int Number, DateTimeOffset To, ExtensionProgress Progress);
