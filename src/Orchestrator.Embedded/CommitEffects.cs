using Orchestrator.Core.History;
using Orchestrator.Embedded.Calls;
using Orchestrator.Embedded.Endings;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>What a commit causes once it is on disk: states are seen, calls go out, timers are set, changes are told.</summary>
internal sealed class CommitEffects(
    LiveSagas sagas, TimerHeap timers, CallPump calls, EndingsPump endings, ChangeFeed feed, EngineHealth health)
{
    /// <summary>Applies a batch that was written. Called by the commit loop.</summary>
    public void Apply(TurnBatch batch)
    {
        foreach (var turn in batch.Turns) Apply(turn);
        foreach (var ending in batch.Commit.Endings) endings.Mention(ending);
    }

    private void Apply(PendingTurn turn)
    {
        var saga = turn.Saga;
        var state = (StartedSaga)turn.State;
        var hadEnded = saga.State is Ended;
        if (turn.IsStart)
        {
            sagas.Add(saga);
            health.Started();
        }

        if (turn.IsListed) health.Changed(turn.IsStart ? default : saga.View, turn.View);
        saga.Commit(state, turn.View);
        if (state is Ended)
        {
            if (!hadEnded) End(saga);
        }
        else
        {
            Release(saga, state, turn.Events);
        }

        if (feed.HasReaders) feed.Publish(new SagaChange(turn.No, SagaSummaries.Of(state)));
    }

    private void End(LiveSaga saga)
    {
        sagas.End(saga);
        timers.Forget(saga);
    }

    private void Release(LiveSaga saga, StartedSaga state, List<SagaEvent> events)
    {
        foreach (var e in events)
        {
            if (e is CallSent sent) calls.Post(saga, sent, ParticipantOf(state, sent.Step));
            else if (e is TimerSet timer) timers.Add(saga, timer.Timer, timer.DueAt);
        }
    }

    private static string ParticipantOf(StartedSaga state, string key)
    {
        foreach (var step in state.Steps)
            if (step.Key == key)
                return step.Definition.Participant;
        throw new System.Diagnostics.UnreachableException($"Saga {state.Start.SagaId} has no step {key}.");
    }
}
