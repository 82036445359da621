using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

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

    /// <summary>The saga, whole.</summary>
    public static SagaBody Whole(StartedSaga saga)
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
            Reason(saga.Reason()),
            start.At,
            saga.ExpiresAt,
            end?.At,
            start.BusinessKey,
            start.Tags,
            start.Input,
            end?.Output,
            [.. saga.Steps.Select(step => Step(saga, step))],
            StepVerbs.OfSaga(saga),
            start.RerunOf,
            saga is Ended { RerunAs: var rerunAs } ? rerunAs : []);
    }

    /// <summary>A line of the list.</summary>
    public static SummaryBody Line(SagaSummary saga) => new(
        saga.Id,
        saga.Definition,
        saga.DefinitionVersion,
        Words.Of(saga.Phase),
        saga.Outcome is { } outcome ? Words.Of(outcome) : null,
        saga.Stuck,
        saga.Suspended,
        saga.InDoubt,
        Reason(saga.Reason),
        saga.StartedAt,
        saga.ExpiresAt,
        saga.EndedAt,
        saga.BusinessKey,
        saga.Tags);

    private static ReasonBody? Reason(SagaReason? reason) =>
        reason is null ? null : new ReasonBody(reason.Code, reason.Text, reason.Actor);

    private static StepBody Step(StartedSaga saga, StepState step) => new(
        step.Definition.Name,
        step.Definition.Participant,
        Words.Of(step.Definition.Kind),
        Words.Of(step.View()),
        step.Attempts(),
        step.LastError(),
        step.StartedAt,
        step.EndedAt,
        step.Output,
        StepVerbs.Of(saga, step));
}
