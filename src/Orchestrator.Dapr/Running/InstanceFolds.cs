using Orchestrator.Dapr.Translating;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// The folds kept from turn to turn, the longest unused ones dropped first. A fold may be missing at any time: the next
/// turn carries the whole history. Used by the commit loop alone.
/// </summary>
internal sealed class InstanceFolds
{
    private readonly Dictionary<string, LinkedListNode<InstanceFold>> byId = [];
    private readonly LinkedList<InstanceFold> byUse = new();

    /// <summary>The fold, when it is of this execution and knows nothing the sidecar does not.</summary>
    public InstanceFold? Take(string instanceId, string executionId, int past)
    {
        if (!byId.Remove(instanceId, out var node)) return null;
        byUse.Remove(node);
        // Folded further than the past: the sidecar did not save the last turn and gives it again.
        return node.Value.ExecutionId == executionId && node.Value.Count <= past ? node.Value : null;
    }

    /// <summary>Keeps a fold for the next turn.</summary>
    public void Put(InstanceFold fold)
    {
        if (byId.Remove(fold.InstanceId, out var old)) byUse.Remove(old);
        byId[fold.InstanceId] = byUse.AddLast(fold);
        if (byId.Count <= DaprLimits.MaxFolds) return;
        byId.Remove(byUse.First!.Value.InstanceId);
        byUse.RemoveFirst();
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        byId.Clear();
        byUse.Clear();
    }
}
