using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine;

/// <summary>Makes what lists show out of a state.</summary>
public static class SagaSummaries
{
    /// <summary>The summary of a saga as it is in this state.</summary>
    public static SagaSummary Of(StartedSaga saga)
    {
        var ended = saga as Ended;
        return new SagaSummary
        {
            Id = saga.Start.SagaId,
            Definition = saga.Start.Definition,
            DefinitionVersion = saga.Start.DefinitionVersion,
            Phase = saga.Phase(),
            Outcome = ended?.End.Outcome,
            Stuck = saga.IsStuck(),
            InDoubt = saga.IsInDoubt(),
            Suspended = saga.Suspended,
            Reason = saga.Reason(),
            StartedAt = saga.Start.At,
            ExpiresAt = saga.ExpiresAt,
            Unverified = saga.HasUnverified(),
            EndedAt = ended?.End.At,
            BusinessKey = saga.Start.BusinessKey,
            Tags = saga.Start.Tags,
        };
    }

    /// <summary>True when a list would show the two states differently.</summary>
    public static bool Differ(SagaSummary summary, StartedSaga saga) =>
        summary.Phase != saga.Phase()
        || summary.Stuck != saga.IsStuck()
        || summary.InDoubt != saga.IsInDoubt()
        || summary.Suspended != saga.Suspended
        || summary.ExpiresAt != saga.ExpiresAt
        || summary.Unverified != saga.HasUnverified()
        || summary.Reason != saga.Reason();
}
