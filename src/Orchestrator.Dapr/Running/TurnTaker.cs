using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Catalog;

namespace Orchestrator.Dapr.Running;

/// <summary>Takes turns: folds what the sidecar sent and says what to answer. Used by the commit loop alone.</summary>
internal sealed class TurnTaker(CatalogState catalog, InstanceFolds folds, Log log)
{
    private readonly HashSet<string> unreadable = [];
    private readonly HistoryReader reader = new((name, version) => catalog.Current.Find(name, version));

    /// <summary>Folds a request, from where the last turn ended when that is known.</summary>
    public InstanceTurn Take(WorkflowRequest request)
    {
        var execution = HistoryReader.ExecutionOf(request);
        var fold = folds.Take(request.InstanceId, execution, request.Past.Count)
            ?? new InstanceFold(request.InstanceId, execution);
        try
        {
            reader.Read(fold, request);
        }
        catch (ForeignInstanceException e)
        {
            log.Foreign(request.InstanceId, e.SagaId);
            return new InstanceTurn(null, ActionWriter.Refuse(request.InstanceId, e.SagaId, e.Message));
        }
        catch (NotASagaException e)
        {
            log.NotASaga(request.InstanceId);
            return new InstanceTurn(null, ActionWriter.Refuse(request.InstanceId, null, e.Message));
        }
        catch (UnreadableInstanceException e)
        {
            if (unreadable.Add(request.InstanceId)) log.Unreadable(request.InstanceId, e.Message);
            return new InstanceTurn(null, null);
        }

        unreadable.Remove(request.InstanceId);
        if (fold.Saga is null)
        {
            const string text = "This instance has no beginning.";
            return new InstanceTurn(null, ActionWriter.Refuse(request.InstanceId, null, text));
        }

        return new InstanceTurn(fold, Answer(fold, request.CalculateSize()));
    }

    /// <summary>The turn is on disk: the next one goes on from here.</summary>
    public void Keep(InstanceTurn turn)
    {
        if (turn.Fold is not { Saga: { } saga } fold || saga.IsClosed() || fold.IsTerminated) return;
        fold.Verbs.Clear();
        folds.Put(fold);
    }

    private WorkflowResponse Answer(InstanceFold fold, int size)
    {
        var saga = fold.Saga!;
        if (fold.IsTerminated && !saga.IsClosed())
            return ActionWriter.Terminated(fold, InstanceIds.Of(saga.Start.SagaId, NumberOf(fold) + 1));
        if (size >= DaprLimits.WarnAt) log.NearTheLimit(saga.Start.SagaId, size);
        return !saga.IsClosed() && MustCompact(fold, size)
            ? ActionWriter.ContinueAsNew(fold, Compacted(fold))
            : ActionWriter.Turn(fold);
    }

    private static bool MustCompact(InstanceFold fold, int size) =>
        size - fold.InputBytes >= DaprLimits.CompactGain
        && (size >= DaprLimits.CompactAnywayAt || (size >= DaprLimits.CompactAt && !fold.HasCallsUnderWay));

    /// <summary>What an instance that takes over is started with.</summary>
    public static InstanceInput Compacted(InstanceFold fold)
    {
        var saga = fold.Saga!;
        var events = HistoryCompaction.Compact(
            saga.Definition, [.. fold.Events.Select(each => (each.Seq, each.Event))]);
        return new InstanceInput(saga.Version, [.. events.Select(each => new RecordedEvent(each.Seq, each.Event))]);
    }

    private static int NumberOf(InstanceFold fold) =>
        InstanceIds.NumberOf(fold.InstanceId, fold.Saga!.Start.SagaId)
        ?? throw new System.Diagnostics.UnreachableException($"{fold.InstanceId} is no instance of its saga.");
}

/// <summary>A turn that was taken.</summary>
/// <param name="Fold">The saga; null for an instance that is no saga's, or that cannot be folded now.</param>
/// <param name="Response">What to answer; null when it is to be taken again later.</param>
internal sealed record InstanceTurn(InstanceFold? Fold, WorkflowResponse? Response)
{
    /// <summary>The saga, as our store has it, which another instance is to take over; else null.</summary>
    public StartedSaga? TakeOver { get; init; }
}
