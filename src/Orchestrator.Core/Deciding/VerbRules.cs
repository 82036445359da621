using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What the table of verbs by phase says. A closed union, immutable.</summary>
public abstract record VerbRuling
{
    private VerbRuling()
    {
    }

    /// <summary>Allowed: record this event.</summary>
    public sealed record Allowed(SagaEvent Event) : VerbRuling;

    /// <summary>Not allowed: <paramref name="Code" />, a sentence, and the verbs that are.</summary>
    public sealed record NotAllowed(string Code, string Text, ImmutableArray<string> Verbs) : VerbRuling;
}

/// <summary>The table of verbs by phase. Source: docs/protocol.md section 4.</summary>
public static class VerbRules
{
    /// <summary>Says whether <paramref name="verb" /> is allowed now, and which event records it.</summary>
    public static VerbRuling Judge(StartedSaga saga, SagaVerb verb, DateTimeOffset now)
    {
        var at = now < saga.LastAt ? saga.LastAt : now;
        return WhyNot(saga, verb, at) is { } refused ? refused : new VerbRuling.Allowed(EventOf(verb, at));
    }

    /// <summary>
    /// Says why a saga may not be run again as another one; null when it may. <paramref name="force" /> runs a
    /// completed one again.
    /// </summary>
    public static VerbRuling.NotAllowed? WhyNoRerun(StartedSaga saga, bool force) => saga switch
    {
        not Ended => No(saga, VerbCodes.StillRunning, "has not ended, so it cannot be run again. Wait for its end."),
        Ended when saga.HasUnverified() => No(
            saga, VerbCodes.Unverified,
            $"still waits for the undo of {string.Join(", ", saga.Unverified())}: run again, that work might stand "
            + "twice."),
        Ended { End.Outcome: SagaOutcome.Completed } when !force => No(
            saga, VerbCodes.NeedsForce, "was completed; run again, its work is done twice. \"force\": true does so."),
        _ => null,
    };

    private static VerbRuling.NotAllowed? WhyNot(
        StartedSaga saga, SagaVerb verb, DateTimeOffset at) => (saga, verb) switch
        {
            (Ended ended, _) => No(saga, VerbCodes.Finished, $"has {Name(ended.End.Outcome)}: nothing can change it."),
            (_, SagaVerb.Extend extend) => WhyNotExtend(saga, extend.ExpiresAt, at),
            (_, SagaVerb.Resend resend) => StepOf(saga, resend.Step) is { } step
                ? WhyNotResend(saga, step, resend.Data)
                : No(saga, VerbCodes.NoSuchStep, $"has no step {resend.Step}."),
            (_, SagaVerb.Resolve resolve) => StepOf(saga, resolve.Step) is { } step
                ? WhyNotResolve(saga, step, resolve.As)
                : No(saga, VerbCodes.NoSuchStep, $"has no step {resolve.Step}."),
            (Pivoting or Finishing, SagaVerb.Cancel) => No(
                saga, VerbCodes.PastThePointOfNoReturn, "is past the point of no return and can only go forward."),
            _ => null,
        };

    private static VerbRuling.NotAllowed? WhyNotExtend(
        StartedSaga saga, DateTimeOffset to, DateTimeOffset at) => saga switch
        {
            Pivoting or Finishing => No(
                saga, VerbCodes.PastThePointOfNoReturn, "is past the point of no return: its deadline rules no more."),
            not Doing => No(
                saga, VerbCodes.NotInThisPhase,
                $"is {Word(saga)}; a deadline can be postponed only while steps are being done."),
            { ExpiresAt: var present } when to < present => No(
                saga, VerbCodes.NotExtended,
                $"has until {Instants.Write(present)}, and a deadline is never shortened. Nobody was asked."),
            { Extension: { Progress: ExtensionProgress.Asking } asking } when asking.To != to => No(
                saga, VerbCodes.NotExtended,
                $"is just being extended to {Instants.Write(asking.To)}. Nobody was asked; wait for the outcome."),
            _ when to - saga.Start.At > saga.Definition.MaxDeadline => No(
                saga, VerbCodes.NotExtended,
                $"started at {Instants.Write(saga.Start.At)}, and maxDeadline is "
                + $"{Durations.Write(saga.Definition.MaxDeadline)} from there. Nobody was asked."),
            _ when to - at <= saga.Definition.Guard => No(
                saga, VerbCodes.NotExtended, "would have nothing left beyond the guard. Nobody was asked."),
            _ => null,
        };

    private static VerbRuling.NotAllowed? WhyNotResend(StartedSaga saga, StepState step, JsonData? data)
    {
        var isEdit = data is { } value && Resends.IsEdit(step, value);
        if (isEdit ? Resends.MayEdit(saga, step) : StepVerbs.MayResend(saga, step)) return null;
        var name = step.Definition.Name;
        return isEdit switch
        {
            false => NoStep(
                saga, step, VerbCodes.NothingToResend, $"has no call of step {name} that waits for an answer."),
            true when saga is Confirming or Compensating => NoStep(
                saga, step, VerbCodes.NotInThisPhase,
                $"is {Word(saga)}; data can be changed only of what is still to be done."),
            true when step.Do is CallState.NotSent => NoStep(
                saga, step, VerbCodes.NotSent, $"has not sent step {name} yet, so there is nothing to send again."),
            true => NoStep(
                saga, step, VerbCodes.AlreadyAnswered, $"has an answer to step {name}; its data cannot be changed."),
        };
    }

    private static VerbRuling.NotAllowed? WhyNotResolve(StartedSaga saga, StepState step, Resolution resolution)
    {
        if (Resolves.IsAllowed(saga, step, resolution)) return null;
        var name = step.Definition.Name;
        return (saga, step.Definition.Kind, resolution) switch
        {
            (Pivoting, StepKind.Pivot, Resolution.Done) => NoStep(
                saga, step, VerbCodes.AskTheLedger,
                $"waits for pivot {name}, whose participant may have a ledger that can tell. Resolve it as undone: "
                + "when it was done after all, the ledger says so and that counts."),
            (Pivoting, StepKind.Pivot, Resolution.Undone) => NoStep(
                saga, step, VerbCodes.NoLedger,
                $"waits for pivot {name}, and its participant has no ledger that could keep it from running later."),
            (Finishing, StepKind.Retriable, Resolution.Done) when step.Do is CallState.NotSent => NoStep(
                saga, step, VerbCodes.NotSent, $"has not sent step {name} yet, so nobody can know what became of it."),
            (Compensating, _, Resolution.Undone) => NoStep(
                saga, step, VerbCodes.NothingToResolve, $"owes step {name} no undo that was sent."),
            _ => NoStep(
                saga, step, VerbCodes.NotInThisPhase,
                $"is {Word(saga)}; step {name} cannot be resolved as {Word(resolution)} then."),
        };
    }

    private static StepState? StepOf(StartedSaga saga, string name) =>
        saga.Steps.FirstOrDefault(step => step.Definition.Name == name);

    private static VerbRuling.NotAllowed No(StartedSaga saga, string code, string text) =>
        new(code, $"Saga {saga.Start.SagaId} {text}", StepVerbs.OfSaga(saga));

    private static VerbRuling.NotAllowed NoStep(StartedSaga saga, StepState step, string code, string text) =>
        new(code, $"Saga {saga.Start.SagaId} {text}", [.. StepVerbs.Of(saga, step), .. StepVerbs.OfSaga(saga)]);

    private static VerbRequested EventOf(SagaVerb verb, DateTimeOffset at)
    {
        var (actor, reason) = (verb.Actor, verb.Reason);
        VerbRequested requested = verb switch
        {
            SagaVerb.Cancel => new CancelRequested { At = at, Actor = actor, Reason = reason },
            SagaVerb.Retry retry =>
                new RetryRequested { At = at, Actor = actor, Reason = reason, Participant = retry.Participant },
            SagaVerb.Suspend => new SuspendRequested { At = at, Actor = actor, Reason = reason },
            SagaVerb.Resume => new ResumeRequested { At = at, Actor = actor, Reason = reason },
            SagaVerb.Terminate => new TerminateRequested { At = at, Actor = actor, Reason = reason },
            SagaVerb.Extend extend =>
                new ExtendRequested { At = at, Actor = actor, Reason = reason, ExpiresAt = extend.ExpiresAt },
            SagaVerb.Resend resend =>
                new ResendRequested { At = at, Actor = actor, Reason = reason, Step = resend.Step, Data = resend.Data },
            SagaVerb.Resolve resolve => new ResolveRequested
            {
                At = at,
                Actor = actor,
                Reason = reason,
                Step = resolve.Step,
                As = resolve.As,
                Output = resolve.Output,
            },
            _ => throw new UnreachableException($"Unknown verb {verb.GetType().Name}."),
        };
        return verb.Batch is null ? requested : requested with { Batch = verb.Batch };
    }

    private static string Word(StartedSaga saga) => saga.Phase().ToString().ToLowerInvariant();

    private static string Word(Resolution resolution) => resolution.ToString().ToLowerInvariant();

    private static string Name(SagaOutcome outcome) => outcome switch
    {
        SagaOutcome.Completed => "completed",
        SagaOutcome.Compensated => "been compensated",
        _ => throw new UnreachableException($"Unknown outcome {outcome}."),
    };
}
