using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Embedded.Calls;
using Orchestrator.Engine.Committing;

namespace Orchestrator.Embedded;

/// <summary>Carries out what was decided within this process: calls go to the pump, timers into the heap.</summary>
internal sealed class EmbeddedRunner(CallPump calls, TimerHeap timers) : ISagaRunner
{
    /// <inheritdoc />
    public void Forget() => timers.Clear();

    /// <inheritdoc />
    public int Resume(LiveSaga saga, StartedSaga state)
    {
        foreach (var timer in state.OpenTimers()) timers.Add(saga, timer.Timer, timer.DueAt);
        var count = 0;
        foreach (var call in state.OpenCalls())
        {
            calls.Post(saga, call.Sent, call.Step.Definition.Participant);
            count++;
        }

        return count;
    }

    /// <inheritdoc />
    public void Committed(LiveSaga saga, StartedSaga state, IReadOnlyList<SagaEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is CallSent sent) calls.Post(saga, sent, state.FindKey(sent.Step)!.Definition.Participant);
            else if (events[i] is TimerSet timer) timers.Add(saga, timer.Timer, timer.DueAt);
        }
    }

    /// <inheritdoc />
    public void Ended(LiveSaga saga) => timers.Forget(saga);

    /// <inheritdoc />
    public void Purged(string sagaId)
    {
        // Nothing of it is kept but in the store.
    }
}
