using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// A turn the sidecar asks for: folded and decided in the commit loop, written into our own store together with those
/// of other sagas, and only then answered. The sidecar's history is the truth; what is written here is what it says.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="stored">The saga as our store has it, when it is not among the live ones.</param>
/// <param name="turns">Takes it.</param>
/// <param name="instances">Knows in which instance a saga runs.</param>
/// <param name="verbs">Who waits for a verb.</param>
/// <param name="log">Where it is told.</param>
internal sealed class TurnWork(
    WorkflowRequest request,
    StartedSaga? stored,
    TurnTaker turns,
    SagaInstances instances,
    RaisedVerbs verbs,
    Log log) : EngineWork
{
    private readonly TaskCompletionSource<InstanceTurn?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private InstanceTurn? turn;

    /// <summary>
    /// The turn once it is on disk; null when it met a bug or a rule of the store, and is not to be answered.
    /// </summary>
    public Task<InstanceTurn?> Done => done.Task;

    /// <inheritdoc />
    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        turn ??= turns.Take(request);
        if (turn.Fold is not { Saga: { } saga } fold) return;
        var live = sagas.Find(saga.Start.SagaId);
        if (live is null && stored is Ended ended && ended.IsClosed())
        {
            turn = new InstanceTurn(null, ActionWriter.AlreadyEnded(request.InstanceId, ended));
            return;
        }

        if (IsSuperseded(saga)) return;
        var version = live is null ? 0 : TurnBatch.StateOf(live)?.Version ?? 0;
        Write(batch, live, fold, version);
    }

    /// <inheritdoc />
    public override void Committed()
    {
        foreach (var (id, ruling) in turn!.Fold?.Verbs ?? []) verbs.Judged(id, ruling);
        turns.Keep(turn);
        done.TrySetResult(turn);
    }

    /// <inheritdoc />
    public override bool Failed(string text) => true;

    /// <inheritdoc />
    public override void Broke(Exception exception) => done.TrySetResult(null);

    /// <summary>
    /// True for an instance whose saga goes on in a later one: two that decide would contradict each other.
    /// </summary>
    private bool IsSuperseded(StartedSaga saga)
    {
        var sagaId = saga.Start.SagaId;
        var number = InstanceIds.NumberOf(request.InstanceId, sagaId) ?? 1;
        if (number >= instances.NumberOf(sagaId))
        {
            instances.IsAt(sagaId, number);
            return false;
        }

        log.Superseded(request.InstanceId, sagaId);
        var reason =
            $"Saga {sagaId} goes on in instance {instances.CurrentOf(sagaId)}; this one does nothing any more.";
        turn = new InstanceTurn(null, ActionWriter.Refuse(request.InstanceId, sagaId, reason));
        return true;
    }

    /// <summary>
    /// Our store knows more of the saga than the instance, which was put back from a backup or started anew by hand.
    /// What has happened must not be forgotten, so another instance takes over from our store.
    /// </summary>
    private void GoOnFromOurStore(LiveSaga live, StartedSaga saga, int version)
    {
        var sagaId = saga.Start.SagaId;
        log.StoreIsAhead(sagaId, version, saga.Version);
        var reason = $"Saga {sagaId} has come further than this instance knows; it goes on in another one.";
        turn =
            new InstanceTurn(null, ActionWriter.Refuse(request.InstanceId, sagaId, reason)) { TakeOver = live.State };
    }

    /// <summary>Writes what our store does not have yet.</summary>
    private void Write(TurnBatch batch, LiveSaga? live, InstanceFold fold, int version)
    {
        var saga = fold.Saga!;
        if (saga.Version < version)
        {
            GoOnFromOurStore(live!, saga, version);
            return;
        }

        if (fold.InputVersion > version)
        {
            log.HistoryIsIncomplete(saga.Start.SagaId, version, fold.InputVersion);
            batch.Rewrite(live ?? batch.Adopt(saga.Start.SagaId), saga, [.. fold.Events.Select(each => each.Event)]);
            return;
        }

        if (saga.Version == version) return;
        batch.Append(
            live ?? batch.Adopt(saga.Start.SagaId),
            saga,
            [.. fold.Events.Where(each => each.Seq >= version).Select(each => each.Event)]);
    }
}
