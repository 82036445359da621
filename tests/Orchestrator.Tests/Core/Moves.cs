using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

/// <summary>What can happen to a saga in a story.</summary>
internal static class Moves
{
    public static Func<Story, SagaEvent> Done(string step, string output = "{}", string? ledger = null) =>
        Answered(
            step, CommandKind.Do, new Answer { Status = 200, Output = JsonData.FromText(output), Ledger = ledger });

    public static Func<Story, SagaEvent> Refused(string step, string text = "no") =>
        Answered(step, CommandKind.Do, Problem(409, SagaCodes.Refused, text));

    public static Func<Story, SagaEvent> Confirmed(string step) =>
        Answered(step, CommandKind.Confirm, new Answer { Status = 200 });

    public static Func<Story, SagaEvent> Undone(string step, string? state = null, string? ledger = null) =>
        Answered(step, CommandKind.Undo, new Answer { Status = 200, LedgerState = state, Ledger = ledger });

    public static Func<Story, SagaEvent> Says(
        string step, CommandKind command, int status, string? code = null, string? location = null) =>
        Answered(step, command, new Answer { Status = status, Code = code, Text = "words", Location = location });

    public static Func<Story, SagaEvent> Silent(string step, CommandKind command, Silence silence = Silence.TimedOut) =>
        Answered(step, command, new Answer { Status = 0, Silence = silence });

    /// <summary>An answer to the newest attempt.</summary>
    public static Func<Story, SagaEvent> Answered(string step, CommandKind command, Answer answer) => story =>
        AnsweredTo(step, command, Math.Max(1, story.Key(step).Of(command).Tally.Attempt), answer)(story);

    public static Func<Story, SagaEvent> AnsweredTo(string step, CommandKind command, int attempt, Answer answer) =>
        story =>
        new CallAnswered
        {
            At = story.Now,
            Step = step,
            Command = command,
            Attempt = attempt,
            Answer = answer,
            Extension = command == CommandKind.Extend ? story.Key(step).ExtendNumber : 0,
        };

    public static Answer Problem(int status, string? code, string text = "words") =>
        new() { Status = status, Code = code, Text = text };

    public static Func<Story, SagaEvent> Timer(string name) =>
        story => new TimerPassed { At = story.Now, Timer = name };

    /// <summary>The expiry's timer, at the expiry.</summary>
    public static SagaEvent DeadlinePassed(Story story) =>
        new TimerPassed
        {
            At = story.At((story.Saga.Start.ExpiresAt - Story.Start).TotalSeconds).Now,
            Timer = TimerNames.Deadline,
        };

    /// <summary>The only open timer of a wait, at its instant.</summary>
    public static SagaEvent WaitOver(Story story)
    {
        var timer = story.Saga.OpenTimers().Single(open => !TimerNames.IsDeadline(open.Timer));
        story.At((timer.DueAt - Story.Start).TotalSeconds);
        return new TimerPassed { At = timer.DueAt, Timer = timer.Timer };
    }

    public static Func<Story, SagaEvent> Cancelled(string actor = "ann", string? why = "changed my mind") => story =>
        Verb(story, new SagaVerb.Cancel { Actor = actor, Reason = why });

    public static SagaEvent Retried(Story story) => Verb(story, new SagaVerb.Retry { Actor = "ann" });

    /// <summary>Silence to the newest attempt, while an operator says how it is tried again.</summary>
    public static Func<Story, SagaEvent> SilentWith(string step, CommandKind command, RetryOverride retry) => story =>
        (CallAnswered)Silent(step, command)(story) with { Retry = retry };

    public static Func<Story, SagaEvent> RetriedAt(string participant) =>
        story => Verb(story, new SagaVerb.Retry { Actor = "ann", Participant = participant });

    public static SagaEvent Suspended(Story story) =>
        Verb(story, new SagaVerb.Suspend { Actor = "ann", Reason = "stocktaking" });

    public static SagaEvent Resumed(Story story) => Verb(story, new SagaVerb.Resume { Actor = "bob" });

    public static SagaEvent Terminated(Story story) => Verb(story, new SagaVerb.Terminate { Actor = "root" });

    public static Func<Story, SagaEvent> Extended(string step) =>
        Answered(step, CommandKind.Extend, new Answer { Status = 200, LedgerState = "held" });

    /// <summary>An extend to so many seconds from the start.</summary>
    public static Func<Story, SagaEvent> Extend(double seconds) => story =>
        Verb(story, new SagaVerb.Extend { Actor = "ann", ExpiresAt = Story.Start + TimeSpan.FromSeconds(seconds) });

    public static Func<Story, SagaEvent> Resend(string step, string? data = null) => story => Verb(
        story,
        new SagaVerb.Resend { Actor = "ann", Step = step, Data = data is null ? null : JsonData.FromText(data) });

    public static Func<Story, SagaEvent> Resolve(string step, Resolution resolution, string? output = null) => story =>
        Verb(story, new SagaVerb.Resolve
        {
            Actor = "ann",
            Reason = "rang them",
            Step = step,
            As = resolution,
            Output = output is null ? null : JsonData.FromText(output),
        });

    /// <summary>The undo of a pivot or retriable finds it done.</summary>
    public static Func<Story, SagaEvent> StillDone(string key, string output) => Answered(
        key, CommandKind.Undo,
        Problem(409, SagaCodes.Done) with { Output = JsonData.FromText(output), LedgerState = "confirmed" });

    private static SagaEvent Verb(Story story, SagaVerb verb) =>
        VerbRules.Judge(story.Saga, verb, story.Now).Should().BeOfType<VerbRuling.Allowed>().Subject.Event;
}
