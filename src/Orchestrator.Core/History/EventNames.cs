using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Core.History;

/// <summary>The names in an event's JSON. They are stored: a name once used is never given another meaning.</summary>
internal static class EventNames
{
    public static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    public static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    public static readonly JsonEncodedText SagaId = JsonEncodedText.Encode("sagaId");
    public static readonly JsonEncodedText Definition = JsonEncodedText.Encode("definition");
    public static readonly JsonEncodedText DefinitionVersion = JsonEncodedText.Encode("definitionVersion");
    public static readonly JsonEncodedText Input = JsonEncodedText.Encode("input");
    public static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");
    public static readonly JsonEncodedText BusinessKey = JsonEncodedText.Encode("businessKey");
    public static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
    public static readonly JsonEncodedText TraceParent = JsonEncodedText.Encode("traceparent");
    public static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    public static readonly JsonEncodedText Command = JsonEncodedText.Encode("command");
    public static readonly JsonEncodedText Attempt = JsonEncodedText.Encode("attempt");
    public static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    public static readonly JsonEncodedText AskAt = JsonEncodedText.Encode("askAt");
    public static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    public static readonly JsonEncodedText Silence = JsonEncodedText.Encode("silence");
    public static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    public static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    public static readonly JsonEncodedText Output = JsonEncodedText.Encode("output");
    public static readonly JsonEncodedText Unreadable = JsonEncodedText.Encode("unreadable");
    public static readonly JsonEncodedText Location = JsonEncodedText.Encode("location");
    public static readonly JsonEncodedText LedgerState = JsonEncodedText.Encode("ledgerState");
    public static readonly JsonEncodedText Ledger = JsonEncodedText.Encode("ledger");
    public static readonly JsonEncodedText Timer = JsonEncodedText.Encode("timer");
    public static readonly JsonEncodedText DueAt = JsonEncodedText.Encode("dueAt");
    public static readonly JsonEncodedText Actor = JsonEncodedText.Encode("actor");
    public static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");
    public static readonly JsonEncodedText Outcome = JsonEncodedText.Encode("outcome");
    public static readonly JsonEncodedText Warning = JsonEncodedText.Encode("warning");
    public static readonly JsonEncodedText Tries = JsonEncodedText.Encode("tries");
    public static readonly JsonEncodedText Failures = JsonEncodedText.Encode("failures");
    public static readonly JsonEncodedText NeedsPerson = JsonEncodedText.Encode("needsPerson");
    public static readonly JsonEncodedText FirstSentAt = JsonEncodedText.Encode("firstSentAt");
    public static readonly JsonEncodedText MayStillRun = JsonEncodedText.Encode("mayStillRun");
    public static readonly JsonEncodedText UndosAcknowledged = JsonEncodedText.Encode("undosAcknowledged");
    public static readonly JsonEncodedText UndosBefore = JsonEncodedText.Encode("undosBefore");
    public static readonly JsonEncodedText LedgerLost = JsonEncodedText.Encode("ledgerLost");
    public static readonly JsonEncodedText HasLedger = JsonEncodedText.Encode("hasLedger");
    public static readonly JsonEncodedText HasAnsweredWithoutLedger =
        JsonEncodedText.Encode("hasAnsweredWithoutLedger");
    public static readonly JsonEncodedText Extension = JsonEncodedText.Encode("extension");
    public static readonly JsonEncodedText As = JsonEncodedText.Encode("as");
    public static readonly JsonEncodedText RerunOf = JsonEncodedText.Encode("rerunOf");
    public static readonly JsonEncodedText RerunAs = JsonEncodedText.Encode("rerunAs");
    public static readonly JsonEncodedText Participant = JsonEncodedText.Encode("participant");
    public static readonly JsonEncodedText Retry = JsonEncodedText.Encode("retry");
    public static readonly JsonEncodedText Batch = JsonEncodedText.Encode("batch");

    public static readonly JsonEncodedText Started = JsonEncodedText.Encode("saga-started");
    public static readonly JsonEncodedText Sent = JsonEncodedText.Encode("call-sent");
    public static readonly JsonEncodedText Answered = JsonEncodedText.Encode("call-answered");
    public static readonly JsonEncodedText TimerSet = JsonEncodedText.Encode("timer-set");
    public static readonly JsonEncodedText TimerPassed = JsonEncodedText.Encode("timer-passed");
    public static readonly JsonEncodedText CancelRequested = JsonEncodedText.Encode("cancel-requested");
    public static readonly JsonEncodedText RetryRequested = JsonEncodedText.Encode("retry-requested");
    public static readonly JsonEncodedText SuspendRequested = JsonEncodedText.Encode("suspend-requested");
    public static readonly JsonEncodedText ResumeRequested = JsonEncodedText.Encode("resume-requested");
    public static readonly JsonEncodedText TerminateRequested = JsonEncodedText.Encode("terminate-requested");
    public static readonly JsonEncodedText ExtendRequested = JsonEncodedText.Encode("extend-requested");
    public static readonly JsonEncodedText ResendRequested = JsonEncodedText.Encode("resend-requested");
    public static readonly JsonEncodedText ResolveRequested = JsonEncodedText.Encode("resolve-requested");
    public static readonly JsonEncodedText RerunRequested = JsonEncodedText.Encode("rerun-requested");
    public static readonly JsonEncodedText TriesCounted = JsonEncodedText.Encode("tries-counted");
    public static readonly JsonEncodedText Ended = JsonEncodedText.Encode("saga-ended");

    private static readonly JsonEncodedText Do = JsonEncodedText.Encode("do");
    private static readonly JsonEncodedText Confirm = JsonEncodedText.Encode("confirm");
    private static readonly JsonEncodedText Undo = JsonEncodedText.Encode("undo");
    private static readonly JsonEncodedText Extend = JsonEncodedText.Encode("extend");
    private static readonly JsonEncodedText TimedOut = JsonEncodedText.Encode("timed-out");
    private static readonly JsonEncodedText Broken = JsonEncodedText.Encode("broken");
    private static readonly JsonEncodedText Done = JsonEncodedText.Encode("done");
    private static readonly JsonEncodedText Undone = JsonEncodedText.Encode("undone");
    private static readonly JsonEncodedText Completed = JsonEncodedText.Encode("completed");
    private static readonly JsonEncodedText Compensated = JsonEncodedText.Encode("compensated");

    public static JsonEncodedText TypeOf(SagaEvent e) => e switch
    {
        SagaStarted => Started,
        CallSent => Sent,
        CallAnswered => Answered,
        History.TimerSet => TimerSet,
        History.TimerPassed => TimerPassed,
        History.CancelRequested => CancelRequested,
        History.RetryRequested => RetryRequested,
        History.SuspendRequested => SuspendRequested,
        History.ResumeRequested => ResumeRequested,
        History.TerminateRequested => TerminateRequested,
        History.ExtendRequested => ExtendRequested,
        History.ResendRequested => ResendRequested,
        History.ResolveRequested => ResolveRequested,
        History.RerunRequested => RerunRequested,
        History.TriesCounted => TriesCounted,
        SagaEnded => Ended,
        _ => throw new UnreachableException($"Unknown event {e.GetType().Name}."),
    };

    public static JsonEncodedText Of(CommandKind command) => command switch
    {
        CommandKind.Do => Do,
        CommandKind.Confirm => Confirm,
        CommandKind.Undo => Undo,
        CommandKind.Extend => Extend,
        _ => throw new UnreachableException($"Unknown command {command}."),
    };

    public static JsonEncodedText Of(Silence silence) => silence switch
    {
        History.Silence.TimedOut => TimedOut,
        History.Silence.Broken => Broken,
        _ => throw new UnreachableException($"No name for silence {silence}."),
    };

    public static JsonEncodedText Of(SagaOutcome outcome) => outcome switch
    {
        SagaOutcome.Completed => Completed,
        SagaOutcome.Compensated => Compensated,
        _ => throw new UnreachableException($"Unknown outcome {outcome}."),
    };

    public static JsonEncodedText Of(Resolution resolution) => resolution switch
    {
        Resolution.Done => Done,
        Resolution.Undone => Undone,
        _ => throw new UnreachableException($"Unknown resolution {resolution}."),
    };

    public static Resolution ReadResolution(string? text) => text switch
    {
        "done" => Resolution.Done,
        "undone" => Resolution.Undone,
        _ => throw Unknown("resolution", text),
    };

    public static CommandKind ReadCommand(string? text) => text switch
    {
        "do" => CommandKind.Do,
        "confirm" => CommandKind.Confirm,
        "undo" => CommandKind.Undo,
        "extend" => CommandKind.Extend,
        _ => throw Unknown("command", text),
    };

    public static Silence ReadSilence(string? text) => text switch
    {
        null => History.Silence.None,
        "timed-out" => History.Silence.TimedOut,
        "broken" => History.Silence.Broken,
        _ => throw Unknown("silence", text),
    };

    public static SagaOutcome ReadOutcome(string? text) => text switch
    {
        "completed" => SagaOutcome.Completed,
        "compensated" => SagaOutcome.Compensated,
        _ => throw Unknown("outcome", text),
    };

    /// <summary>
    /// A fold that leaves out a fact decides wrongly, so what is not known is refused, never skipped.
    /// </summary>
    public static FormatException Unknown(string what, string? text) =>
        new(
            $"The history holds the {what} '{text}', which this version does not know. A newer version wrote it: run "
            + "that one.");
}
