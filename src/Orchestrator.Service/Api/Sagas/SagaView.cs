using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Tracing;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Shows sagas: the fold as the API names it.</summary>
internal static class SagaView
{
    /// <summary>The answer to a start.</summary>
    public static StartedBody Started(StartedSaga saga) => new(
        saga.Start.SagaId,
        saga.Start.Definition,
        saga.Start.DefinitionVersion,
        Words.Of(saga.Phase()),
        saga.ExpiresAt);

    /// <summary>The saga, whole, as far as the caller may see it.</summary>
    public static SagaBody Whole(StartedSaga saga, HttpContext http) =>
        Whole(saga, Sight.Of(http).Covers(saga.Definition));

    /// <summary>The saga, whole, but for what is covered.</summary>
    public static SagaBody Whole(StartedSaga saga, SecretFields? covers)
    {
        var (start, end) = (saga.Start, (saga as Ended)?.End);
        return new SagaBody(
            start.SagaId,
            start.Definition,
            start.DefinitionVersion,
            Words.Of(saga.Phase()),
            end is null ? null : Words.Of(end.Outcome),
            saga.IsStuck(),
            saga.Suspended,
            saga.IsInDoubt(),
            saga.Unverified(),
            Reason(saga.Reason(), covers is not null),
            start.At,
            saga.ExpiresAt,
            end?.At,
            start.BusinessKey,
            start.Tags,
            covers?.OfInput(start.Input) ?? start.Input,
            end?.Output is { } output ? covers?.OfSagaOutput(output) ?? output : null,
            [.. saga.Steps.Select(step => Step(saga, step, covers))],
            StepVerbs.OfSaga(saga),
            saga.Extension is { } asked ? new ExtensionBody(asked.To, Words.Of(asked.Progress)) : null,
            start.RerunOf,
            saga is Ended { RerunAs: var rerunAs } ? rerunAs : [],
            SagaTrace.IdOf(start));
    }

    /// <summary>A line of the list, as far as its reader may see it.</summary>
    public static SummaryBody Line(SagaSummary saga, Sight sight) => new(
        saga.Id,
        saga.Definition,
        saga.DefinitionVersion,
        Words.Of(saga.Phase),
        saga.Outcome is { } outcome ? Words.Of(outcome) : null,
        saga.Stuck,
        saga.Suspended,
        saga.InDoubt,
        Reason(saga.Reason, saga.Reason is not null && sight.HidesWords(saga.Definition, saga.DefinitionVersion)),
        saga.StartedAt,
        saga.ExpiresAt,
        saga.EndedAt,
        saga.BusinessKey,
        saga.Tags);

    private static ReasonBody? Reason(SagaReason? reason, bool hides) => reason is null
        ? null
        : new ReasonBody(reason.Code, Sight.Words(reason.Text, hides)!, reason.Actor);

    private static StepBody Step(StartedSaga saga, StepState step, SecretFields? covers) => new(
        step.Definition.Name,
        step.Definition.Participant,
        Words.Of(step.Definition.Kind),
        Words.Of(step.View()),
        step.Attempts(),
        Sight.Words(step.LastError(), covers is not null),
        step.StartedAt,
        step.EndedAt,
        step.View() is StepView.Done ? step.HeldUntil : null,
        step.Output is { } output ? covers?.OfOutput(step.Definition.Name, output) ?? output : null,
        StepVerbs.Of(saga, step));
}
