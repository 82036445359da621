using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Tracing;

/// <summary>
/// The spans of a participant, in the saga's trace: each command, and each undo by the participant's own clock. They
/// carry names, ids, numbers and codes, never data. While nobody listens they cost a comparison.
/// </summary>
internal static class StepSpans
{
    /// <summary>Name of the source to listen to.</summary>
    internal const string SourceName = "Orchestrator.Participant";

    private const string ErrorType = "error.type";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A command, whichever way it came; null when it is not recorded.</summary>
    internal static Activity? Command(LedgerCommand command)
    {
        if (!Source.HasListeners()) return null;
        var word = WireWords.Of(command.Kind);
        var span = Source.StartActivity($"{word} {command.Action}", ActivityKind.Server, ParentOf(command.TraceParent));
        if (span is not { IsAllDataRequested: true }) return span;
        Tag(span, command.SagaId, command.Step, command.Action, word);
        return span.SetTag("saga.attempt", command.Attempt);
    }

    /// <summary>What was answered to the command.</summary>
    internal static void Answered(Activity? span, LedgerAnswer answer)
    {
        if (span is not { IsAllDataRequested: true }) return;
        span.SetTag("saga.ledger_state", WireWords.Of(answer.State));
        span.SetTag("http.response.status_code", answer.Status);
        if (answer.Code is { } code) span.SetTag("saga.code", code);
        if (answer.Status >= 500) Failed(span, answer.Code ?? "failed");
    }

    /// <summary>An undo because the expiry has passed; null when it is not recorded.</summary>
    internal static Activity? Expiry(LedgerRow row, LedgerRow expired, TimeSpan late)
    {
        if (!Source.HasListeners()) return null;
        var span = Source.StartActivity($"undo {row.Action}", ActivityKind.Internal, ParentOf(row.TraceParent));
        if (span is not { IsAllDataRequested: true }) return span;
        Tag(span, row.SagaId, row.Step, row.Action, WireWords.Of(CommandKind.Undo));
        span.SetTag("saga.by_expiry", true);
        span.SetTag("saga.late_ms", (long)late.TotalMilliseconds);
        return span.SetTag("saga.attempt", expired.Attempts);
    }

    /// <summary>What was begun did not come about.</summary>
    internal static void Failed(Activity? span, string type) =>
        span?.SetTag(ErrorType, type).SetStatus(ActivityStatusCode.Error);

    // A span of the web server's that somebody records comes between the call and ours; one that nobody records does
    // not: whoever looked for our parent would not find it.
    private static ActivityContext ParentOf(string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) return default;
        return Activity.Current is { Source.Name.Length: > 0 } server && server.TraceId == parent.TraceId
            ? server.Context
            : parent;
    }

    private static void Tag(Activity span, string sagaId, string step, string action, string command)
    {
        span.SetTag("saga.id", sagaId);
        span.SetTag("saga.step", step);
        span.SetTag("saga.action", action);
        span.SetTag("saga.command", command);
    }
}
