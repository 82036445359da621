using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>The way back: Compensating.</summary>
internal static class Backward
{
    /// <summary>Turns the saga around.</summary>
    public static Compensating Begin(StartedSaga saga, SagaReason reason) =>
        new(saga, reason) { Suspended = false, Extension = Extensions.Over(saga.Extension) };

    /// <summary>
    /// What Compensating asks for: an undo of every key that owes one, in reverse order, each after the one before was
    /// answered or has failed once; the end when none is owed, or only by steps that a person has resolved.
    /// </summary>
    public static ImmutableArray<SagaEvent> Decide(Compensating saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        var owed = UndoAll(saga, events);
        if (!owed) events.Add(new SagaEnded { At = now, Outcome = SagaOutcome.Compensated });
        return events.ToArray();
    }

    /// <summary>
    /// What a compensated saga still asks for: the undos a person has resolved, until they are answered.
    /// </summary>
    public static ImmutableArray<SagaEvent> Decide(Ended saga, DateTimeOffset now)
    {
        if (!saga.HasUnverified()) return [];
        var events = new Decisions(saga, now);
        UndoAll(saga, events);
        return events.ToArray();
    }

    /// <summary>
    /// Asks for the undo of one key, as soon as that may be sent: an undo may overtake a slow <c>do</c> of an unarmed
    /// step, so it goes out only once the call has ended. False while it has not.
    /// </summary>
    public static bool Undo(StepState step, Decisions events)
    {
        if (step.Undo is CallState.NotSent && MustEndFirst(step))
        {
            if (step.Do.AskAt() is not null) events.Send(step, CommandKind.Do);
            return false;
        }

        events.Send(step, CommandKind.Undo);
        return true;
    }

    /// <summary>True while a call of an unarmed step has not ended.</summary>
    public static bool MustEndFirst(StepState step) =>
        step.Definition.Kind == StepKind.Unarmed && (step.Do is CallState.Underway || step.Do.AskAt() is not null);

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
                    step, call.Tally with { NeedsPerson = true, LastError = lost }, null, sagaId, e, true),
            };
        var acknowledged = step.UndoAcknowledged + 1;
        if (step is { Definition.Kind: StepKind.Unarmed, MayStillRun: true } && acknowledged < 2)
            // The do may arrive after this undo: a second one follows one timeout later, and both must be acknowledged.
            return step with
            {
                UndoAcknowledged = acknowledged,
                UndosBefore = call.Tally.Attempt,
                Undo = new CallState.Waiting(
                    call.Tally, null, e.At + Calls.PolicyOf(step, e).Timeout, TimerIsSet: false)
                {
                    IsFixed = true,
                },
            };
        return step with
        {
            UndoAcknowledged = acknowledged,
            LedgerLost = null,
            EndedAt = e.At,
            Undo = new CallState.Answered(call.Tally, new Verdict.Done(JsonData.Null, null)),
        };
    }

    /// <summary>True while somebody owes an undo that no person has resolved.</summary>
    private static bool UndoAll(StartedSaga saga, Decisions events)
    {
        var owed = false;
        var heldUp = false;
        foreach (var step in saga.AllKeys().Reverse())
        {
            if (!step.OwesUndo) continue;
            owed |= !step.IsResolved;
            if (step.Undo is CallState.NotSent && heldUp && !MustEndFirst(step)) continue;
            heldUp |= !Undo(step, events) || HoldsUpOthers(step.Undo);
        }

        return owed;
    }

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
