using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>The way forward: Doing, Confirming, Pivot, Finishing.</summary>
internal static class Forward
{
    /// <summary>The first event.</summary>
    public static StartedSaga Begin(NotStarted before, SagaStarted start)
    {
        var saga = new Doing
        {
            Definition = before.Definition,
            Version = before.Version + 1,
            Start = start,
            LastAt = start.At,
            Steps = [.. before.Definition.Steps.Select(step => new StepState { Definition = step, Key = step.Name })],
        };
        return Deadlines.Apply(Advance(saga, start.At), start.At);
    }

    /// <summary>After a step is done, or at the start: prepares the next one, or leaves Doing.</summary>
    public static StartedSaga Advance(StartedSaga saga, DateTimeOffset at)
    {
        saga = Extensions.Settle(saga, at);
        // A saga past its expiry is about to go back; what it would have done next is of no interest.
        if (at >= saga.ExpiresAt || Extensions.HoldsUp(saga)) return saga;
        for (var i = 0; i < saga.Steps.Length; i++)
        {
            var step = saga.Steps[i];
            if (step.Definition.Kind is StepKind.Pivot or StepKind.Retriable) break;
            if (!step.IsDone) return Prepare(saga, i);
        }

        return EnterConfirming(saga, at);
    }

    /// <summary>After a confirm is acknowledged, or when no step needs one.</summary>
    public static StartedSaga AfterConfirm(Confirming saga, DateTimeOffset at)
    {
        // Past its expiry it is about to go back: Finishing would have no way back.
        if (at >= saga.ExpiresAt) return saga;
        foreach (var step in saga.Steps)
            if (step.Definition.Kind == StepKind.Pivot || (step.IsArmed && !step.IsConfirmed))
                return saga;
        return EnterFinishing(saga);
    }

    /// <summary>After the pivot is done, or everything is confirmed and there is none.</summary>
    public static Finishing EnterFinishing(StartedSaga saga) => PrepareRetriable(new Finishing(saga));

    /// <summary>
    /// Maps the input of the next retriable step. After the point of no return what cannot be filled in is null.
    /// </summary>
    public static Finishing PrepareRetriable(Finishing saga)
    {
        var index = saga.Steps.FindIndex(step => !step.IsDone);
        if (index < 0 || saga.Steps[index].Data is not null) return saga;
        var step = saga.Steps[index];
        var mapped = step.Definition.Input.Map(new SagaMappingSource(saga));
        var warning = mapped.Gap is { } gap ? $"its input {gap.Query} was {gap.Fault} and sent as null" : null;
        return saga with { Steps = saga.Steps.SetItem(index, step with { Data = mapped.Data, Warning = warning }) };
    }

    /// <summary>What Doing asks for.</summary>
    public static ImmutableArray<SagaEvent> DecideDoing(Doing saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        events.SetDeadline();
        Extensions.Decide(saga, events);
        if (Resends.Bar(saga, events)) return events.ToArray();
        var next = saga.Steps.FirstOrDefault(step => !step.IsDone);
        if (next is { Do: CallState.NotSent } && Extensions.HoldsUp(saga)) return events.ToArray();
        if (next is not null) events.Send(next, CommandKind.Do);
        return events.ToArray();
    }

    /// <summary>What Confirming asks for: all confirms at once; the pivot once all are acknowledged.</summary>
    public static ImmutableArray<SagaEvent> DecideConfirming(Confirming saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        events.SetDeadline();
        var all = true;
        foreach (var step in saga.Steps)
        {
            if (!step.IsArmed || step.IsConfirmed) continue;
            all = false;
            events.Send(step, CommandKind.Confirm);
        }

        if (all) events.Send(saga.Steps.First(step => step.Definition.Kind == StepKind.Pivot), CommandKind.Do);
        return events.ToArray();
    }

    /// <summary>What Pivot asks for: its answer, for as long as it takes.</summary>
    public static ImmutableArray<SagaEvent> DecidePivot(Pivoting saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        if (!Resends.Bar(saga, events))
            events.Send(saga.Steps.First(step => step.Definition.Kind == StepKind.Pivot), CommandKind.Do);
        return events.ToArray();
    }

    /// <summary>What Finishing asks for: the retriable steps in order, then the end.</summary>
    public static ImmutableArray<SagaEvent> DecideFinishing(Finishing saga, DateTimeOffset now)
    {
        var events = new Decisions(saga, now);
        var next = saga.Steps.FirstOrDefault(step => !step.IsDone);
        if (next is not null)
        {
            if (!Resends.Bar(saga, events)) events.Send(next, CommandKind.Do);
            return events.ToArray();
        }

        var output = saga.Definition.Output?.Map(new SagaMappingSource(saga));
        events.Add(new SagaEnded
        {
            At = now,
            Outcome = SagaOutcome.Completed,
            Output = output?.Data,
            Warning = output?.Gap is { } gap ? $"the output {gap.Query} was {gap.Fault} and is null" : null,
        });
        return events.ToArray();
    }

    /// <summary>
    /// An operator lets it go on. Confirming really starts with the first confirm: when that was held back until now,
    /// the guard is asked again.
    /// </summary>
    public static StartedSaga Resume(StartedSaga saga, DateTimeOffset at)
    {
        if (!saga.Suspended) return saga;
        // Past its expiry it turns back for that reason, not for the guard.
        if (saga is Confirming && at >= saga.ExpiresAt) return saga;
        saga = saga with { Suspended = false };
        var mayStart = saga is not Confirming
            || !saga.Steps.Any(step => step.IsArmed)
            || saga.Steps.Any(step => step.Confirm is not CallState.NotSent)
            || !IsWithinGuard(saga, at);
        return mayStart ? saga : Backward.Begin(saga, TooLate(saga));
    }

    private static StartedSaga Prepare(StartedSaga saga, int index)
    {
        var step = saga.Steps[index];
        if (step.Data is not null) return saga;
        var mapped = step.Definition.Input.Map(new SagaMappingSource(saga));
        if (mapped.Gap is { } gap) return Backward.Begin(saga, NotCalled(step, gap));
        StartedSaga prepared = saga with { Steps = saga.Steps.SetItem(index, step with { Data = mapped.Data }) };
        return prepared;
    }

    private static StartedSaga EnterConfirming(StartedSaga saga, DateTimeOffset at)
    {
        var armed = saga.Steps.Any(step => step.IsArmed);
        if (armed && IsWithinGuard(saga, at)) return Backward.Begin(saga, TooLate(saga));
        if (MapWhatFollows(saga, out var steps) is { } reason) return Backward.Begin(saga, reason);
        var confirming = new Confirming(saga) { Steps = steps };
        return armed ? confirming : AfterConfirm(confirming, at);
    }

    private static bool IsWithinGuard(StartedSaga saga, DateTimeOffset at) =>
        saga.ExpiresAt - at <= saga.Definition.Guard;

    private static SagaReason TooLate(StartedSaga saga) => new(
        ReasonCodes.Guard,
        $"every step was done, but less than the guard of {saga.Definition.Guard.TotalSeconds} s before the deadline",
        Actors.Orchestrator);

    /// <summary>
    /// Maps pivot and retriable inputs while there still is a way back, as far as they can be: what reads the output of
    /// a step that has yet to run waits for it.
    /// </summary>
    private static SagaReason? MapWhatFollows(StartedSaga saga, out ImmutableArray<StepState> steps)
    {
        steps = saga.Steps;
        SagaMappingSource? source = null;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            if (step.Definition.Kind is StepKind.Compensatable or StepKind.Unarmed) continue;
            source ??= new SagaMappingSource(saga);
            if (step.Definition.Input.FirstGap(source, source.IsDone) is { } gap) return NotCalled(step, gap);
            if (step.Definition.Input.ReadsStepsOf.All(source.IsDone))
                steps = steps.SetItem(i, step with { Data = step.Definition.Input.Map(source).Data });
        }

        return null;
    }

    private static SagaReason NotCalled(StepState step, MappingGap gap) => new(
        ReasonCodes.Failed,
        $"step {step.Definition.Name} was not called: its input {gap.Query} is {gap.Fault}",
        Actors.Orchestrator);
}
