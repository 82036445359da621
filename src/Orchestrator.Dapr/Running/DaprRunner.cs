using Orchestrator.Core.History;
using Orchestrator.Engine.Committing;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// What a commit causes here: nothing is sent from it, for calls and timers are the sidecar's once it has the answer to
/// the turn.
/// </summary>
internal sealed class DaprRunner(InstanceFolds folds, SagaInstances instances, InstancePurges purges) : ISagaRunner
{
    /// <inheritdoc />
    public void Forget() => folds.Clear();

    /// <inheritdoc />
    public int Resume(LiveSaga saga, StartedSaga state) => 0;

    /// <inheritdoc />
    public void Committed(LiveSaga saga, StartedSaga state, IReadOnlyList<SagaEvent> events)
    {
        // The pump answers the turn when its work is committed.
    }

    /// <inheritdoc />
    public void Ended(LiveSaga saga) => instances.Forget(saga.Id);

    /// <inheritdoc />
    public void Purged(string sagaId) => purges.Post(sagaId);
}
