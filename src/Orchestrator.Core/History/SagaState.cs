using System.Collections.Immutable;
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
public sealed record Confirming : StartedSaga;

/// <summary>The pivot was sent: its answer decides, deadline and cancel no longer apply.</summary>
public sealed record Pivoting : StartedSaga;

/// <summary>Past the point of no return: only forward.</summary>
public sealed record Finishing : StartedSaga;

/// <summary>Every step whose do was sent is undone.</summary>
public sealed record Compensating : StartedSaga
{
    /// <summary>Why the saga went back.</summary>
    public required SagaReason Reason { get; init; }
}

/// <summary>Nothing is left to do.</summary>
public sealed record Ended : StartedSaga
{
    /// <summary>The last event.</summary>
    public required SagaEnded End { get; init; }

    /// <summary>Why the saga went back; null for a completed one.</summary>
    public required SagaReason? Reason { get; init; }
}
