using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The saga's expiry. It rules until the point of no return, by the instant of whatever event comes first at or after
/// it: an answer that is recorded late does not win against a timer that fires late.
/// </summary>
internal static class Deadlines
{
    /// <summary>Applies the expiry at the instant of an event that was just folded.</summary>
    public static StartedSaga Apply(StartedSaga saga, DateTimeOffset at) =>
        saga is Doing or Confirming && at >= saga.ExpiresAt ? Passed(saga) : saga;

    /// <summary>The expiry has passed.</summary>
    public static StartedSaga Passed(StartedSaga saga)
    {
        if (saga is not (Doing or Confirming)) return saga;
        var held = saga.Steps.FirstOrDefault(step => Waits(saga, step));
        var passed = saga.Suspended ? "the deadline passed while the saga was suspended" : "the deadline passed";
        var text = held is null
            ? passed
            : $"{passed} before step {held.Definition.Name} had an answer from {held.Definition.Participant}";
        var error = held is null ? null : (saga is Doing ? held.Do : held.Confirm).Tally.LastError;
        return Backward.Begin(
            saga,
            new SagaReason(
                ReasonCodes.Deadline, error is null ? text : $"{text} (last: {error})", Actors.Orchestrator));
    }

    private static bool Waits(StartedSaga saga, StepState step) => saga is Doing
        ? step.Do is not (CallState.NotSent or CallState.Answered)
        : step.IsArmed && !step.IsConfirmed;
}

/// <summary>Who acts when no person and no participant does.</summary>
public static class Actors
{
    /// <summary>The engine itself.</summary>
    public const string Orchestrator = "orchestrator";
}
