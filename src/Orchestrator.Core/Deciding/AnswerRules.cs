using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>Reads answers: the status decides first, then the code. Source: docs/protocol.md section 4.</summary>
public static class AnswerRules
{
    /// <summary>
    /// What <paramref name="answer" /> means for a command; <paramref name="asked" /> when it came from asking after a
    /// 202.
    /// </summary>
    public static Verdict Read(CommandKind command, StepKind kind, Answer answer, bool asked)
    {
        if (answer.Silence != Silence.None) return Unknown(answer, mayStillRun: true);
        return answer.Status switch
        {
            202 when asked || answer.Location is { Length: > 0 } =>
                new Verdict.InProgress(answer.Location is { Length: > 0 } location ? location : null),
            202 => Unknown(answer, "in progress, without a Location to ask at", mayStillRun: true),
            >= 200 and < 300 => Success(command, kind, answer),
            404 when asked => new Verdict.Unknown("the operation in progress is not known there any more", false, true),
            // A gateway that lost the participant: a timeout or a broken connection behind it.
            502 or 504 => Unknown(answer, mayStillRun: true),
            < 200 or >= 500 or 408 or 425 or 429 => Unknown(answer),
            410 when answer.Code == SagaCodes.Stale => Unknown(answer),
            _ => No(command, kind, answer),
        };
    }

    private static Verdict Success(CommandKind command, StepKind kind, Answer answer)
    {
        if (command != CommandKind.Do) return new Verdict.Done(JsonData.Null, null);
        if (!answer.Unreadable) return new Verdict.Done(answer.Output ?? JsonData.Null, null);
        const string text = "answered success with a body that is not JSON or too large";
        return kind switch
        {
            StepKind.Compensatable or StepKind.Unarmed => new Verdict.Failed(ReasonCodes.Failed, text, false),
            StepKind.Pivot or StepKind.Retriable =>
                new Verdict.Done(JsonData.Null, text + "; its output is taken as null"),
            _ => throw new System.Diagnostics.UnreachableException($"Unknown step kind {kind}."),
        };
    }

    private static Verdict No(CommandKind command, StepKind kind, Answer answer) => command switch
    {
        CommandKind.Do => NoToDo(kind, answer),
        CommandKind.Confirm or CommandKind.Extend => Failed(answer),
        CommandKind.Undo => NoToUndo(kind, answer),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };

    private static Verdict NoToUndo(StepKind kind, Answer answer)
    {
        if (answer is not { Status: 409, Code: SagaCodes.Done } || kind is not (StepKind.Pivot or StepKind.Retriable))
            return Unknown(answer);
        const string text = "was found done when it was to be barred, without a readable output; it is taken as null";
        return new Verdict.StillDone(answer.Output ?? JsonData.Null, answer.Output is null ? text : null);
    }

    private static Verdict NoToDo(StepKind kind, Answer answer)
    {
        var refused = answer is { Status: 409, Code: SagaCodes.Refused };
        return kind switch
        {
            StepKind.Retriable => new Verdict.Failed(ReasonCodes.Failed, Words(answer), false),
            StepKind.Compensatable or StepKind.Unarmed or StepKind.Pivot when refused =>
                new Verdict.Refused(string.IsNullOrEmpty(answer.Text) ? "no reason was given" : answer.Text),
            StepKind.Compensatable or StepKind.Unarmed => Failed(answer),
            StepKind.Pivot => Unknown(answer),
            _ => throw new System.Diagnostics.UnreachableException($"Unknown step kind {kind}."),
        };
    }

    /// <summary>A 410 says the participant let go by its own clock, unless an undo came first.</summary>
    private static Verdict.Failed Failed(Answer answer)
    {
        var gone = answer.Status == 410;
        var expired = gone && answer.Code is (SagaCodes.Expired or SagaCodes.Undone);
        return new Verdict.Failed(expired ? ReasonCodes.Expired : ReasonCodes.Failed, Words(answer), gone);
    }

    private static Verdict.Unknown Unknown(Answer answer, string? text = null, bool mayStillRun = false) =>
        new(text ?? Words(answer), mayStillRun, false);

    /// <summary>
    /// True when the participant itself said something and named no ledger. What a gateway in front of it may say is no
    /// proof.
    /// </summary>
    public static bool ShowsNoLedger(Answer answer) =>
        answer is { Silence: Silence.None, Ledger: null, LedgerState: null }
        && answer.Status is >= 200 and < 500 and not (202 or 408 or 425 or 429);

    /// <summary>The answer in words: status, code and what the participant said.</summary>
    public static string Words(Answer answer)
    {
        var head = answer.Silence switch
        {
            Silence.TimedOut => "no answer within the timeout",
            Silence.Broken => "the connection failed",
            Silence.None when answer.Code is null => $"answered {answer.Status}",
            Silence.None => $"answered {answer.Status} {answer.Code}",
            _ => throw new System.Diagnostics.UnreachableException($"Unknown silence {answer.Silence}."),
        };
        return string.IsNullOrEmpty(answer.Text) ? head : $"{head}: {answer.Text}";
    }
}
