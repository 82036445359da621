using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>The way back: Compensating.</summary>
internal static class Backward
{
    /// <summary>Turns the saga around.</summary>
    public static Compensating Begin(StartedSaga saga, SagaReason reason) => new()
    {
        Definition = saga.Definition,
        Version = saga.Version,
        Start = saga.Start,
        Steps = saga.Steps,
        LastAt = saga.LastAt,
        DeadlineTimerIsSet = saga.DeadlineTimerIsSet,
        Reason = reason,
    };

    /// <summary>
    /// What Compensating asks for: an undo of every step that owes one, in reverse order, each after the one before was
    /// answered or has failed once; the end when none is owed.
    /// </summary>
    public static ImmutableArray<SagaEvent> Decide(Compensating saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        var owed = false;
        var heldUp = false;
        for (var i = saga.Steps.Length - 1; i >= 0; i--)
        {
            var step = saga.Steps[i];
            if (!step.OwesUndo) continue;
            owed = true;
            if (step.Undo is CallState.NotSent && MustEndFirst(step))
            {
                // An undo may overtake a slow do of an unarmed step, so it goes out only once the call has ended.
                if (step.Do.AskAt() is not null) events.Send(step, CommandKind.Do);
                heldUp = true;
                continue;
            }

            if (step.Undo is CallState.NotSent && heldUp) continue;
            heldUp |= HoldsUpOthers(step.Undo);
            events.Send(step, CommandKind.Undo);
        }

        if (!owed) events.Add(new SagaEnded { At = now, Outcome = SagaOutcome.Compensated });
        return events.ToArray();
    }

    /// <summary>
    /// An undo was acknowledged with 2xx: by the ledger that holds the step, or by one that does not?
    /// </summary>
    public static StepState Acknowledged(StepState step, CallState.Underway call, string sagaId, CallAnswered e)
    {
        if (LedgerLost(step, e.Answer) is { } lost)
            return step with
            {
                LedgerLost = lost,
                Undo = Calls.Wait(
                    step, CommandKind.Undo, call.Tally with { NeedsPerson = true, LastError = lost }, null, sagaId,
                    e.At, true),
            };
        var acknowledged = step.UndoAcknowledged + 1;
        if (step is { Definition.Kind: StepKind.Unarmed, MayStillRun: true } && acknowledged < 2)
            // The do may arrive after this undo: a second one follows one timeout later, and both must be acknowledged.
            return step with
            {
                UndoAcknowledged = acknowledged,
                Undo = new CallState.Waiting(call.Tally, null, e.At + step.Definition.Retry.Timeout, TimerIsSet: false),
            };
        return step with
        {
            UndoAcknowledged = acknowledged,
            LedgerLost = null,
            EndedAt = e.At,
            Undo = new CallState.Answered(call.Tally, new Verdict.Done(JsonData.Null, null)),
        };
    }

    private static bool MustEndFirst(StepState step) =>
        step.Definition.Kind == StepKind.Unarmed && (step.Do is CallState.Underway || step.Do.AskAt() is not null);

    private static bool HoldsUpOthers(CallState undo) =>
        undo is CallState.NotSent or CallState.Underway { Tally.Tries: <= 1 };

    private static string? LedgerLost(StepState step, Answer answer)
    {
        if (!step.IsDone) return null;
        if (string.Equals(answer.LedgerState, "barred", StringComparison.OrdinalIgnoreCase))
            return $"the do of step {step.Definition.Name} was done, but the ledger of {step.Definition.Participant} "
                + "that answered its undo has never seen it (Saga-State: barred): was the database emptied or "
                + "replaced?";
        if (step.Ledger is null || answer.Ledger is null || step.Ledger == answer.Ledger) return null;
        return $"the do of step {step.Definition.Name} was done in ledger {step.Ledger} of "
            + $"{step.Definition.Participant}, "
            + $"but its undo was answered by ledger {answer.Ledger}: does the address point to another database?";
    }
}
