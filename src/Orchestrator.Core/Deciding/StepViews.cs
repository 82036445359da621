using System.Diagnostics;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What the outside sees of a step.</summary>
public enum StepView
{
    /// <summary>Not called yet.</summary>
    Pending,

    /// <summary>Called; no try has failed.</summary>
    Calling,

    /// <summary>Done, also a pivot or retriable that succeeded.</summary>
    Done,

    /// <summary>The confirm is acknowledged.</summary>
    Confirmed,

    /// <summary>The business said no.</summary>
    Refused,

    /// <summary>An undo is under way, or follows a failure.</summary>
    Undoing,

    /// <summary>Undone, or answered 410.</summary>
    Undone,

    /// <summary>Nobody knows: calls brought no answer.</summary>
    Unknown,
}

/// <summary>What readers see of a step's state.</summary>
public static class StepViews
{
    /// <summary>The one word for the step.</summary>
    public static StepView View(this StepState step)
    {
        if (step.IsUndone || step.Do is CallState.Answered { Verdict: Verdict.Failed { Gone: true } })
            return StepView.Undone;
        if (step.Undo is not CallState.NotSent) return StepView.Undoing;
        return step.Do switch
        {
            // Sent under a key that was given up: nobody knows before that is barred.
            CallState.NotSent => step.StartedAt is null ? StepView.Pending : StepView.Unknown,
            CallState.Abandoned => StepView.Undoing,
            CallState.Answered { Verdict: Verdict.Done } => step.IsConfirmed ? StepView.Confirmed : StepView.Done,
            CallState.Answered { Verdict: Verdict.Refused } => StepView.Refused,
            CallState.Answered => StepView.Undoing,
            CallState.Underway or CallState.Waiting or CallState.Ready =>
                step.Do.Tally.Failures == 0 ? StepView.Calling : StepView.Unknown,
            _ => throw new UnreachableException($"Unknown call state {step.Do.GetType().Name}."),
        };
    }

    /// <summary>Attempts of the undo while it is owed, of the do otherwise.</summary>
    public static int Attempts(this StepState step) =>
        step.Undo is CallState.NotSent or CallState.Answered ? step.Do.Tally.Attempt : step.Undo.Tally.Attempt;

    /// <summary>What went wrong last in what the step is at; null when nothing did.</summary>
    public static string? LastError(this StepState step) =>
        step.LedgerLost
        ?? (step.IsUndone ? null : step.Undo.Tally.LastError)
        ?? ErrorOf(step.Confirm)
        ?? ErrorOf(step.Do)
        ?? step.Warning;

    private static string? ErrorOf(CallState call) => call switch
    {
        CallState.Answered { Verdict: Verdict.Done } => null,
        CallState.Answered { Verdict: Verdict.Refused refused } => refused.Text,
        CallState.Answered { Verdict: Verdict.Failed failed } => failed.Text,
        _ => call.Tally.LastError,
    };
}
