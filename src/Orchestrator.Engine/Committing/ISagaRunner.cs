using Orchestrator.Core.History;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Carries out what a committed turn has decided; the one place in which engines differ behind a commit. Called by the
/// commit loop alone; never waits.
/// </summary>
internal interface ISagaRunner
{
    /// <summary>Sagas are about to be read anew from the store: forget what was to be done for them.</summary>
    void Forget();

    /// <summary>
    /// A saga that has not ended was read from the store. Answers how many of its calls are sent again.
    /// </summary>
    int Resume(LiveSaga saga, StartedSaga state);

    /// <summary>A turn is on disk, and the saga goes on after it.</summary>
    void Committed(LiveSaga saga, StartedSaga state, IReadOnlyList<SagaEvent> events);

    /// <summary>The saga's end is on disk.</summary>
    void Ended(LiveSaga saga);

    /// <summary>A finished saga was deleted.</summary>
    void Purged(string sagaId);
}
