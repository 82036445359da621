using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>How calls are sent, answered and tried again; what an answer does to the saga.</summary>
internal static class Calls
{
    private static readonly CommandKind[] Sendable =
        [CommandKind.Do, CommandKind.Confirm, CommandKind.Undo, CommandKind.Extend];

    /// <summary>A call is recorded as sent.</summary>
    public static StartedSaga Sent(StartedSaga saga, CallSent e)
    {
        var step = saga.FindKey(e.Step)
            ?? throw new UnreachableException($"Saga {saga.Start.SagaId} has no step {e.Step}.");
        var tally = step.Of(e.Command).Tally;
        step = step.With(
            e.Command, new CallState.Underway(tally with { Attempt = e.Attempt, Tries = tally.Tries + 1 }, e.AskAt));
        if (e.Command == CommandKind.Do)
            step = step with
            {
                Data = e.Data ?? step.Data,
                StartedAt = step.StartedAt ?? e.At,
                HeldUntil = step.HeldUntil ?? e.ExpiresAt ?? saga.Start.ExpiresAt,
            };
        if (e.Command == CommandKind.Extend) step = Extensions.Sent(step, e);
        saga = saga.With(step);
        return saga is Confirming && step.Definition.Kind == StepKind.Pivot ? new Pivoting(saga) : saga;
    }

    /// <summary>
    /// An answer is recorded. It counts only for a command we sent that has none yet, and only while the phase asks for
    /// that command; an old attempt's silence says nothing about a newer one.
    /// </summary>
    public static StartedSaga Answered(StartedSaga saga, CallAnswered e)
    {
        if (e.Command == CommandKind.Extend) return Extensions.Answered(saga, e);
        if (saga.FindKey(e.Step) is not { } step) return saga;
        if (saga is Pivoting or Finishing) saga = saga.With(step = Seen(step, e.Answer));
        var call = step.Of(e.Command);
        if (call is CallState.NotSent or CallState.Answered or CallState.Abandoned) return saga;
        if (!Counts(saga, step, e.Command)) return saga;
        // The word of an undo that was sent before the first acknowledgement is not the second one's.
        if (e.Command == CommandKind.Undo && step.UndoAcknowledged > 0 && e.Attempt <= step.UndosBefore) return saga;
        var asked = call.AskAt() is not null;
        var verdict = AnswerRules.Read(e.Command, step.Definition.Kind, e.Answer, asked);
        var underway = call as CallState.Underway;
        if (verdict is Verdict.Unknown or Verdict.InProgress && (underway is null || e.Attempt != call.Tally.Attempt))
            return saga;
        underway ??= new CallState.Underway(call.Tally, call.AskAt());
        if (verdict is Verdict.StillDone still && saga.IsFormer(e.Step) && saga is not (Compensating or Ended))
            return GoOn(Resends.TakeBack(saga, step, still, e), e.At);
        step = e.Command == CommandKind.Undo && verdict is Verdict.Done or Verdict.StillDone
            ? Backward.Acknowledged(step, underway, saga.Start.SagaId, e)
            : Settle(step, underway, saga.Start.SagaId, e, verdict);
        if (e.Command == CommandKind.Do && saga.IsFormer(e.Step)) return saga.With(Resends.Settled(step));
        saga = MoveOn(saga.With(step), step, e, verdict);
        return e.Command == CommandKind.Undo ? Resolves.Apply(saga, e.At) : saga;
    }

    /// <summary>The saga after something that was waited for is known.</summary>
    public static StartedSaga GoOn(StartedSaga saga, DateTimeOffset at) => saga switch
    {
        Doing => Forward.Advance(saga, at),
        Confirming confirming => Forward.AfterConfirm(confirming, at),
        Pivoting when saga.Steps.First(step => step.Definition.Kind == StepKind.Pivot).IsDone =>
            Forward.EnterFinishing(saga),
        Pivoting => saga,
        Finishing finishing => Forward.PrepareRetriable(finishing),
        Compensating or Ended => saga,
        _ => throw new UnreachableException($"Nothing is done in {saga.GetType().Name}."),
    };

    /// <summary>The tries of a call that a compacted history leaves out.</summary>
    public static StartedSaga Counted(StartedSaga saga, TriesCounted e)
    {
        var key = saga.FindKey(e.Step)
            ?? throw new UnreachableException($"Saga {saga.Start.SagaId} has no step {e.Step}.");
        return saga.With(key.With(e.Command, new CallState.Ready(e.Tally, null)) with
        {
            StartedAt = e.FirstSentAt,
            MayStillRun = e.MayStillRun,
            UndoAcknowledged = e.UndosAcknowledged,
            UndosBefore = e.UndosBefore,
            LedgerLost = e.LedgerLost,
            HasLedger = e.HasLedger,
            HasAnsweredWithoutLedger = e.HasAnsweredWithoutLedger,
        });
    }

    /// <summary>The timer of a wait is recorded.</summary>
    public static StartedSaga TimerIsSet(StartedSaga saga, string timer) =>
        ChangeAll(saga, timer, waiting => waiting with { TimerIsSet = true });

    /// <summary>The timer of a wait has passed. A timer of an earlier wait finds none and changes nothing.</summary>
    public static StartedSaga WaitIsOver(StartedSaga saga, string timer) =>
        ChangeAll(saga, timer, waiting => new CallState.Ready(waiting.Tally, waiting.AskAt));

    /// <summary>An operator wants everything that waits to go now.</summary>
    public static StartedSaga AllWaitsAreOver(StartedSaga saga, string? participant) =>
        saga.WithAll(step => participant is null || step.Definition.Participant == participant
            ? SendNow(step)
            : step);

    /// <summary>Ends the waits of a step, but for the one before a second undo.</summary>
    public static StepState SendNow(StepState step) => Change(
        step, null, waiting => waiting.IsFixed ? waiting : new CallState.Ready(waiting.Tally, waiting.AskAt));

    /// <summary>Changes the waits of a step: that of one timer, or all of them.</summary>
    public static StepState Change(StepState step, string? timer, Func<CallState.Waiting, CallState> change)
    {
        foreach (var command in Sendable)
        {
            if (step.Of(command) is not CallState.Waiting waiting) continue;
            if (timer is null || timer == TimerNames.Of(step, command)) step = step.With(command, change(waiting));
        }

        return step;
    }

    /// <summary>Where to ask after an operation in progress, or null.</summary>
    public static string? AskAt(this CallState call) => call switch
    {
        CallState.Underway underway => underway.AskAt,
        CallState.Waiting waiting => waiting.AskAt,
        CallState.Ready ready => ready.AskAt,
        CallState.NotSent or CallState.Answered or CallState.Abandoned => null,
        _ => throw new UnreachableException($"Unknown call state {call.GetType().Name}."),
    };

    /// <summary>
    /// A wait before the next try; at the longest interval once trying alone is not expected to help.
    /// </summary>
    public static CallState.Waiting Wait(
        StepState step, CallTally tally, string? askAt, string sagaId, CallAnswered e, bool longest)
    {
        var policy = PolicyOf(step, e);
        var name = CallNames.Of(step.Key, e.Command, e.Command == CommandKind.Extend ? step.ExtendNumber : 0);
        var delay = longest || tally.Failures >= policy.Attempts
            ? policy.LongestDelay(sagaId, name, tally.Tries)
            : policy.DelayAfter(sagaId, name, tally.Tries);
        return new CallState.Waiting(tally, askAt, e.At + delay, TimerIsSet: false);
    }

    /// <summary>
    /// How a call is tried again after an answer: as the definition says, or as an operator had said when it came.
    /// </summary>
    public static RetryPolicy PolicyOf(StepState step, CallAnswered e) =>
        e.Retry is { } retry ? retry.Over(step.Definition.Retry) : step.Definition.Retry;

    /// <summary>
    /// True while the phase asks for a command of a key: tried again, it is sent again. What was never answered and is
    /// asked for no more is not open, it is over.
    /// </summary>
    public static bool IsAskedFor(this StartedSaga saga, StepState key, CommandKind command) => command switch
    {
        CommandKind.Do when saga is not (Compensating or Ended) && !saga.IsFormer(key.Key) => true,
        CommandKind.Do => saga is not Ended && key.Undo is CallState.NotSent && Backward.MustEndFirst(key),
        CommandKind.Confirm => saga is Confirming,
        CommandKind.Undo => key.OwesUndo,
        CommandKind.Extend => saga is Doing && Extensions.HoldsUp(saga),
        _ => throw new UnreachableException($"Unknown command {command}."),
    };

    private static bool Counts(StartedSaga saga, StepState step, CommandKind command) => command switch
    {
        // The do of a step whose undo is on its way is no longer asked for; before that it still tells what is held.
        CommandKind.Do => saga is not Ended
            && (step.Undo is CallState.NotSent || (saga is not Compensating && !saga.IsFormer(step.Key))),
        CommandKind.Confirm => saga is Confirming,
        // Of a step in Compensating, of a given-up key also before, of a resolved step also after the end.
        CommandKind.Undo => true,
        _ => throw new UnreachableException($"Unknown command {command}."),
    };

    /// <summary>What an answer tells of the participant whatever else it means.</summary>
    private static StepState Seen(StepState step, Answer answer) => step with
    {
        HasLedger = step.HasLedger || answer.Ledger is not null || answer.LedgerState is not null,
        HasAnsweredWithoutLedger = step.HasAnsweredWithoutLedger || AnswerRules.ShowsNoLedger(answer),
    };

    private static StepState Settle(
        StepState step, CallState.Underway call, string sagaId, CallAnswered e, Verdict verdict)
    {
        var asked = call.AskAt is not null;
        switch (verdict)
        {
            case Verdict.Unknown unknown:
                var tally = Failed(step, e, call.Tally, unknown.Text);
                // An address that keeps a failure would be asked for ever: now and then the command itself goes again.
                var askAgain = !unknown.ForgetLocation && tally.Failures % PolicyOf(step, e).Attempts != 0;
                var askAt = askAgain ? call.AskAt : null;
                // Of an operation that nobody could be asked about any more it is not known whether it has ended.
                var mayStillRun = asked ? !askAgain && !unknown.ForgetLocation : unknown.MayStillRun;
                if (e.Command == CommandKind.Do && mayStillRun) step = step with { MayStillRun = true };
                return step.With(e.Command, Wait(step, tally, askAt, sagaId, e, false));
            case Verdict.InProgress progress:
                return step.With(e.Command, Wait(step, call.Tally, progress.Location ?? call.AskAt, sagaId, e, false));
            case Verdict.Failed failed when step.Definition.Kind == StepKind.Retriable && e.Command == CommandKind.Do:
                var stuck = Failed(step, e, call.Tally, failed.Text) with { NeedsPerson = true };
                return step.With(e.Command, Wait(step, stuck, null, sagaId, e, true));
            case Verdict.Done done:
                step = step with { EndedAt = e.At, Warning = done.Warning ?? step.Warning };
                if (e.Command == CommandKind.Do) step = step with { Ledger = e.Answer.Ledger };
                return step.With(e.Command, new CallState.Answered(call.Tally, verdict));
            case Verdict.Refused or Verdict.Failed:
                return (step with { EndedAt = e.At }).With(e.Command, new CallState.Answered(call.Tally, verdict));
            default:
                throw new UnreachableException($"Unknown verdict {verdict.GetType().Name}.");
        }
    }

    /// <summary>
    /// One more failure. Before the point of no return the deadline decides; afterwards a person has to.
    /// </summary>
    private static CallTally Failed(StepState step, CallAnswered e, CallTally tally, string error)
    {
        var failures = tally.Failures + 1;
        var onlyForward = step.Definition.Kind is StepKind.Pivot or StepKind.Retriable;
        var exhausted =
            failures >= PolicyOf(step, e).Attempts && (e.Command == CommandKind.Undo || onlyForward);
        return tally with { Failures = failures, LastError = error, NeedsPerson = tally.NeedsPerson || exhausted };
    }

    private static StartedSaga MoveOn(
        StartedSaga saga, StepState step, CallAnswered e, Verdict verdict) => verdict switch
        {
            Verdict.Done or Verdict.StillDone => GoOn(saga, e.At),
            Verdict.Refused refused when saga is Doing or Pivoting => Backward.Begin(saga, new SagaReason(
                ReasonCodes.Refused,
                $"step {step.Definition.Name} was refused by {step.Definition.Participant}: {refused.Text}",
                step.Definition.Participant)),
            Verdict.Failed failed when saga is Doing or Confirming => Backward.Begin(saga, new SagaReason(
                failed.ReasonCode,
                $"{(e.Command == CommandKind.Confirm ? "the confirm of step" : "step")} {step.Definition.Name} "
                + $"failed at {step.Definition.Participant}: {failed.Text}",
                step.Definition.Participant)),
            // On the way back a no says only that nothing is held there; a retriable step's no waits for a person.
            Verdict.Refused when saga is Compensating => saga,
            Verdict.Failed when saga is Compensating or Finishing => saga,
            Verdict.Unknown or Verdict.InProgress => saga,
            Verdict.Failed or Verdict.Refused when saga is Ended => saga,
            _ => throw new UnreachableException(
                $"A {verdict.GetType().Name} cannot answer a call in {saga.GetType().Name}."),
        };

    private static StartedSaga ChangeAll(
        StartedSaga saga, string? timer, Func<CallState.Waiting, CallState> change) =>
        saga.WithAll(step => Change(step, timer, change));
}
