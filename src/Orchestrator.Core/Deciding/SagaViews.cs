using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What engines and readers see of a saga's state.</summary>
public static class SagaViews
{
    /// <summary>The phase's name.</summary>
    public static SagaPhase Phase(this StartedSaga saga) => saga switch
    {
        Doing => SagaPhase.Doing,
        Confirming => SagaPhase.Confirming,
        Pivoting => SagaPhase.Pivot,
        Finishing => SagaPhase.Finishing,
        Compensating => SagaPhase.Compensating,
        Ended { End.Outcome: SagaOutcome.Completed } => SagaPhase.Completed,
        Ended { End.Outcome: SagaOutcome.Compensated } => SagaPhase.Compensated,
        _ => throw new UnreachableException($"Unknown phase {saga.GetType().Name}."),
    };

    /// <summary>A person should look; it goes on trying meanwhile.</summary>
    public static bool IsStuck(this StartedSaga saga) => Stuck(saga) is not null;

    /// <summary>
    /// A participant that is confirmed, or may be because its confirm was sent and never answered 410, owes an undo: it
    /// will not undo its work by its own clock.
    /// </summary>
    public static bool IsInDoubt(this StartedSaga saga) => saga.InDoubtSince() is not null;

    /// <summary>Since when it is in doubt: the instant of its earliest such confirm; null when it is not.</summary>
    public static DateTimeOffset? InDoubtSince(this StartedSaga saga)
    {
        if (saga is not (Compensating or Ended { End.Outcome: SagaOutcome.Compensated })) return null;
        DateTimeOffset? earliest = null;
        foreach (var step in saga.Steps)
        {
            if (!step.IsArmed || !step.OwesUndo) continue;
            // Another no than 410 may be a gateway's, and an attempt before it may have been carried out.
            if (step.Confirm is CallState.NotSent or CallState.Answered { Verdict: Verdict.Failed { Gone: true } })
                continue;
            var since = step.EndedAt ?? saga.LastAt;
            if (earliest is null || since < earliest) earliest = since;
        }

        return earliest;
    }

    /// <summary>Why it went back, or what holds it; null when nothing is wrong.</summary>
    public static SagaReason? Reason(this StartedSaga saga) => saga switch
    {
        Compensating back => saga.AllKeys().FirstOrDefault(step => step.LedgerLost is not null) is { } lost
            ? new SagaReason(ReasonCodes.LedgerLost, lost.LedgerLost!, lost.Definition.Participant)
            : back.Reason,
        Ended ended => ended.Reason,
        Pivoting or Finishing when Stuck(saga) is { } stuck => new SagaReason(
            ReasonCodes.Failed,
            $"step {stuck.Definition.Name} cannot go on at {stuck.Definition.Participant}: "
            + (saga.IsFormer(stuck.Key) ? stuck.Undo : stuck.Do).Tally.LastError,
            stuck.Definition.Participant),
        _ => null,
    };

    /// <summary>Past the expiry, not ended, not past the point of no return.</summary>
    public static bool IsOverdue(this StartedSaga saga, DateTimeOffset now) =>
        saga is Doing or Confirming or Compensating && now >= saga.ExpiresAt;

    /// <summary>
    /// True once nothing will ever be asked for: it has ended, and every undo that a person resolved is answered.
    /// </summary>
    public static bool IsClosed(this StartedSaga saga) => saga is Ended && !saga.HasUnverified();

    /// <summary>True while a person's word stands for an undo nobody has acknowledged.</summary>
    public static bool HasUnverified(this StartedSaga saga)
    {
        foreach (var step in saga.Steps)
            if (step is { IsResolved: true, OwesUndo: true })
                return true;
        foreach (var step in saga.Former)
            if (step is { IsResolved: true, OwesUndo: true })
                return true;
        return false;
    }

    /// <summary>The participants whose undo a person has resolved and that have not acknowledged it.</summary>
    public static ImmutableArray<string> Unverified(this StartedSaga saga) =>
    [
        .. saga.AllKeys()
            .Where(step => step is { IsResolved: true, OwesUndo: true })
            .Select(step => step.Definition.Participant)
            .Distinct(),
    ];

    /// <summary>The timers the saga waits for. Empty once it is closed.</summary>
    public static IEnumerable<TimerSet> OpenTimers(this StartedSaga saga)
    {
        if (saga.IsClosed()) yield break;
        if (saga is Doing or Confirming && saga.DeadlineTimerIsSet)
            yield return new TimerSet
            {
                At = saga.LastAt,
                Timer = TimerNames.DeadlineAfter(saga.ExtendedBy),
                DueAt = saga.ExpiresAt,
            };
        foreach (var (step, command) in Pairs(saga))
        {
            if (step.Of(command) is CallState.Waiting { TimerIsSet: true } waiting)
                yield return new TimerSet
                {
                    At = saga.LastAt,
                    Timer = TimerNames.Of(step, command),
                    DueAt = waiting.DueAt,
                };
        }
    }

    /// <summary>
    /// The calls whose answer is not recorded: after a crash they go out again with the same id. Ask
    /// <see cref="CallFates.Of" /> what is to become of each.
    /// </summary>
    public static IEnumerable<OpenCall> OpenCalls(this StartedSaga saga)
    {
        if (saga.IsClosed()) yield break;
        foreach (var (step, command) in Pairs(saga))
        {
            if (step.Of(command) is not CallState.Underway underway) continue;
            var extend = command == CommandKind.Extend;
            var expiresAt = extend ? step.ExtendTo : saga.ExtendedTo;
            yield return new OpenCall(saga, step, new CallSent
            {
                At = saga.LastAt,
                Step = step.Key,
                Command = command,
                Attempt = underway.Tally.Attempt,
                AskAt = underway.AskAt,
                ExpiresAt = expiresAt,
                Extension = extend ? step.ExtendNumber : 0,
            });
        }
    }

    /// <summary>
    /// True when a call waits for its next try; with a <paramref name="participant" />, one of that participant's.
    /// </summary>
    public static bool HasWaiting(this StartedSaga saga, string? participant) => !saga.IsClosed()
        && Pairs(saga).Any(pair => pair.Step.Of(pair.Command) is CallState.Waiting { IsFixed: false }
            && saga.IsAskedFor(pair.Step, pair.Command)
            && (participant is null || pair.Step.Definition.Participant == participant));

    /// <summary>
    /// The participants that are told the end: all that were called in steps with a ledger row. One that owes an undo
    /// is told once it has acknowledged it.
    /// </summary>
    public static ImmutableArray<string> ParticipantsToTell(this Ended saga) =>
    [
        .. saga.AllKeys()
            .Where(step => step.Definition.Kind != StepKind.Unarmed && step.Do is not CallState.NotSent)
            .Select(step => step.Definition.Participant)
            .Distinct()
            .Except(saga.Unverified()),
    ];

    private static StepState? Stuck(StartedSaga saga) => saga switch
    {
        Compensating => saga.AllKeys().FirstOrDefault(
            step => step is { OwesUndo: true, IsResolved: false } && step.Undo.Tally.NeedsPerson),
        Pivoting or Finishing => saga.Steps.FirstOrDefault(step => !step.IsDone && step.Do.Tally.NeedsPerson)
            ?? saga.Former.FirstOrDefault(step => step.OwesUndo && step.Undo.Tally.NeedsPerson),
        Doing or Confirming or Ended => null,
        _ => throw new UnreachableException($"Unknown phase {saga.GetType().Name}."),
    };

    private static IEnumerable<(StepState Step, CommandKind Command)> Pairs(StartedSaga saga)
    {
        foreach (var step in saga.AllKeys())
        {
            if (saga is Ended)
            {
                if (step.OwesUndo) yield return (step, CommandKind.Undo);
                continue;
            }

            yield return (step, CommandKind.Do);
            yield return (step, CommandKind.Confirm);
            yield return (step, CommandKind.Undo);
            yield return (step, CommandKind.Extend);
        }
    }
}

/// <summary>A call as it is to be sent: all a caller needs besides the address.</summary>
/// <param name="Saga">The saga it belongs to.</param>
/// <param name="Step">The step as it is known now; its data is what is sent.</param>
/// <param name="Sent">The recorded decision.</param>
public sealed record OpenCall(StartedSaga Saga, StepState Step, CallSent Sent);
