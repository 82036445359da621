using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api;

/// <summary>The words of the API for the values of the core. Source: docs/api.md.</summary>
internal static class Words
{
    private static readonly Dictionary<string, SagaPhase> Phases =
        Enum.GetValues<SagaPhase>().ToDictionary(Of, StringComparer.Ordinal);

    private static readonly Dictionary<string, SagaOutcome> Outcomes =
        Enum.GetValues<SagaOutcome>().ToDictionary(Of, StringComparer.Ordinal);

    /// <summary>All phases, in order.</summary>
    public static IReadOnlyCollection<string> AllPhases => Phases.Keys;

    /// <summary>All outcomes.</summary>
    public static IReadOnlyCollection<string> AllOutcomes => Outcomes.Keys;

    /// <summary>Reads a phase.</summary>
    public static bool TryRead(string word, out SagaPhase phase) => Phases.TryGetValue(word, out phase);

    /// <summary>Reads an outcome.</summary>
    public static bool TryRead(string word, out SagaOutcome outcome) => Outcomes.TryGetValue(word, out outcome);

    /// <summary>What an alert is for.</summary>
    public static string Of(AlertReason reason) => reason switch
    {
        AlertReason.Stuck => "stuck",
        AlertReason.Overdue => "overdue",
        AlertReason.InDoubt => "in-doubt",
        _ => throw new UnreachableException($"Unknown reason {reason}."),
    };

    public static string Of(SagaPhase phase) => phase switch
    {
        SagaPhase.Doing => "doing",
        SagaPhase.Confirming => "confirming",
        SagaPhase.Pivot => "pivot",
        SagaPhase.Finishing => "finishing",
        SagaPhase.Compensating => "compensating",
        SagaPhase.Completed => "completed",
        SagaPhase.Compensated => "compensated",
        _ => throw new UnreachableException($"Unknown phase {phase}."),
    };

    public static string Of(SagaOutcome outcome) => outcome switch
    {
        SagaOutcome.Completed => WireWords.Completed,
        SagaOutcome.Compensated => WireWords.Compensated,
        _ => throw new UnreachableException($"Unknown outcome {outcome}."),
    };

    public static string Of(StepKind kind) => kind switch
    {
        StepKind.Compensatable => WireWords.Of(WireKind.Compensatable),
        StepKind.Unarmed => "unarmed",
        StepKind.Pivot => WireWords.Of(WireKind.Pivot),
        StepKind.Retriable => WireWords.Of(WireKind.Retriable),
        _ => throw new UnreachableException($"Unknown step kind {kind}."),
    };

    public static string Of(StepView state) => state switch
    {
        StepView.Pending => "pending",
        StepView.Calling => "calling",
        StepView.Done => "done",
        StepView.Confirmed => "confirmed",
        StepView.Refused => "refused",
        StepView.Undoing => "undoing",
        StepView.Undone => "undone",
        StepView.Unknown => "unknown",
        _ => throw new UnreachableException($"Unknown step state {state}."),
    };

    public static string Of(ExtensionProgress progress) => progress switch
    {
        ExtensionProgress.Asking => "asking",
        ExtensionProgress.Extended => "extended",
        ExtensionProgress.NotExtended => "not-extended",
        _ => throw new UnreachableException($"Unknown progress {progress}."),
    };

    public static string Of(Resolution resolution) => resolution switch
    {
        Resolution.Done => "done",
        Resolution.Undone => "undone",
        _ => throw new UnreachableException($"Unknown resolution {resolution}."),
    };

    public static string? Of(Silence silence) => silence switch
    {
        Silence.None => null,
        Silence.TimedOut => "timed-out",
        Silence.Broken => "broken",
        _ => throw new UnreachableException($"Unknown silence {silence}."),
    };

    public static string Of(BatchFate fate) => fate switch
    {
        BatchFate.Accepted => "accepted",
        BatchFate.Refused => "refused",
        BatchFate.Failed => "failed",
        _ => throw new UnreachableException($"Unknown fate {fate}."),
    };
}
