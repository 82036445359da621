using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>The verbs that would be taken now. Source: docs/protocol.md section 4.</summary>
public static class StepVerbs
{
    /// <summary>The verbs of a whole saga.</summary>
    public static ImmutableArray<string> OfSaga(StartedSaga saga)
    {
        var hold = saga.Suspended ? "resume" : "suspend";
        return saga switch
        {
            Doing { Extension.Progress: ExtensionProgress.Asking } => ["cancel", "retry", hold],
            Doing => ["cancel", "retry", hold, "extend"],
            Confirming => ["cancel", "retry", hold],
            Compensating => ["cancel", "retry"],
            Pivoting or Finishing => ["retry", hold],
            Ended when saga.HasUnverified() => [],
            Ended => ["rerun", "delete"],
            _ => throw new System.Diagnostics.UnreachableException($"Unknown phase {saga.GetType().Name}."),
        };
    }

    /// <summary>The verbs of one of its steps.</summary>
    public static ImmutableArray<string> Of(StartedSaga saga, StepState step)
    {
        var verbs = ImmutableArray.CreateBuilder<string>();
        if (MayResend(saga, step)) verbs.Add("resend");
        if (Resends.MayEdit(saga, step)) verbs.Add("resend-data");
        if (Resolves.IsAllowed(saga, step, Resolution.Done)) verbs.Add("resolve-done");
        if (Resolves.IsAllowed(saga, step, Resolution.Undone)) verbs.Add("resolve-undone");
        return verbs.ToImmutable();
    }

    /// <summary>True when a call of the step that the phase asks for has no answer that counts.</summary>
    internal static bool MayResend(StartedSaga saga, StepState step) => saga is not Ended
        && saga.KeysOf(step).Any(key => Enum.GetValues<CommandKind>().Any(
            command => IsOpen(key.Of(command)) && saga.IsAskedFor(key, command)));

    private static bool IsOpen(CallState call) =>
        call is CallState.Underway or CallState.Waiting { IsFixed: false } or CallState.Ready;
}
