using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>Collects what one call of Decide answers; all of it carries one instant.</summary>
internal sealed class Decisions(StartedSaga saga, DateTimeOffset now)
{
    private readonly ImmutableArray<SagaEvent>.Builder events = ImmutableArray.CreateBuilder<SagaEvent>(2);

    /// <summary>Adds an event.</summary>
    public void Add(SagaEvent e) => events.Add(e);

    /// <summary>Sets the timer of the expiry, once.</summary>
    public void SetDeadline()
    {
        if (saga.DeadlineTimerIsSet) return;
        var timer = TimerNames.DeadlineAfter(saga.ExtendedBy);
        events.Add(new TimerSet { At = now, Timer = timer, DueAt = saga.ExpiresAt });
    }

    /// <summary>
    /// Sends a command of a step, if it is time to; sets the timer of its wait, if that is not yet recorded. A
    /// suspended saga sends undos and extends alone; its waits go on, so that what became due meanwhile goes out with
    /// the resume.
    /// </summary>
    public void Send(StepState step, CommandKind command)
    {
        switch (step.Of(command))
        {
            case CallState.NotSent or CallState.Ready
                when saga.Suspended && command is CommandKind.Do or CommandKind.Confirm:
                break;
            case CallState.NotSent:
                Add(step, command, 1, null);
                break;
            case CallState.Ready ready:
                Add(step, command, ready.AskAt is null ? ready.Tally.Attempt + 1 : ready.Tally.Attempt, ready.AskAt);
                break;
            case CallState.Waiting { TimerIsSet: false } waiting:
                events.Add(new TimerSet
                {
                    At = now,
                    Timer = TimerNames.Of(step, command),
                    DueAt = waiting.DueAt,
                });
                break;
            case CallState.Waiting or CallState.Underway or CallState.Answered or CallState.Abandoned:
                break;
            default:
                throw new System.Diagnostics.UnreachableException(
                    $"Unknown call state of {CallNames.Of(step.Key, command)}.");
        }
    }

    /// <summary>All that was collected.</summary>
    public ImmutableArray<SagaEvent> ToArray() => events.DrainToImmutable();

    private void Add(StepState step, CommandKind command, int attempt, string? askAt)
    {
        var extension = command == CommandKind.Extend ? saga.Extension : null;
        var to = extension?.To ?? saga.ExpiresAt;
        events.Add(new CallSent
        {
            At = now,
            Step = step.Key,
            Command = command,
            Attempt = attempt,
            Data = command == CommandKind.Do && attempt == 1 && askAt is null ? step.Data : null,
            AskAt = askAt,
            ExpiresAt = to == saga.Start.ExpiresAt ? null : to,
            Extension = extension?.Number ?? 0,
        });
    }
}
