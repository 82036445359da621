using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Endings;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Engine.Sharing;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// What a commit causes once it is on disk: states are seen, what was decided is carried out, changes are told.
/// </summary>
internal sealed class CommitEffects(
    LiveSagas sagas,
    ISagaRunner runner,
    EndingsPump endings,
    OutboxRelay relay,
    FactsBacklog facts,
    ChangeFeed feed,
    SharedChanges changes,
    Lease owners,
    EngineHealth health,
    EngineMeter meter,
    TimeProvider time,
    Log log)
{
    /// <summary>Applies a batch that was written. Called by the commit loop.</summary>
    public void Apply(TurnBatch batch)
    {
        var now = time.GetUtcNow();
        foreach (var turn in batch.Turns)
        {
            Tell(turn, batch.Now, now);
            Apply(turn);
        }

        meter.TookTurns(batch.Turns.Count, now - batch.Now);
        foreach (var sagaId in batch.Commit.Purges) runner.Purged(sagaId);
        foreach (var ending in batch.Commit.Endings) endings.Mention(ending);
        if (owners.IsShared && batch.Turns.Count > 0) changes.Tell(batch.Commit.Number);
        if (batch.Commit.Outbox.Count == 0) return;
        facts.Written(batch.Commit.Outbox);
        relay.Wake();
    }

    /// <summary>
    /// Tells of the turn before anything follows from it. The span is over then: what follows for other sagas on the
    /// same flow must not look as if it were part of it.
    /// </summary>
    private void Tell(PendingTurn turn, DateTimeOffset from, DateTimeOffset to)
    {
        var saga = turn.Saga;
        using (var span = SagaSpans.Turn(turn, from, to))
        {
            saga.TraceParent = span?.Id;
            if (turn.View.Stuck && (turn.IsStart || !saga.View.Stuck))
                log.Stuck(saga.Id, ((StartedSaga)turn.State).Start.Definition);
        }

        if (turn.State is not Ended ended || saga.State is Ended) return;
        meter.Ended(ended);
        SagaSpans.Whole(ended);
    }

    private void Apply(PendingTurn turn)
    {
        var saga = turn.Saga;
        var state = (StartedSaga)turn.State;
        var wasClosed = saga.State?.IsClosed() == true;
        if (turn.IsStart)
        {
            sagas.Add(saga);
            health.Started();
            meter.Started(state.Start.Definition);
        }

        if (turn.IsListed) health.Changed(turn.IsStart ? default : saga.View, turn.View);
        saga.Commit(state, turn.View);
        if (!state.IsClosed())
        {
            runner.Committed(saga, state, turn.Events);
        }
        else if (!wasClosed)
        {
            sagas.End(saga);
            runner.Ended(saga);
        }

        if (feed.HasReaders && !owners.IsShared) feed.Publish(new SagaChange(turn.No, SagaSummaries.Of(state)));
    }
}
