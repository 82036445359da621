using System.Threading.Channels;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Purges the instances of sagas that were deleted here. Nobody waits for it; what fails is left in the sidecar's
/// store, and said. Safe for any number of threads.
/// </summary>
internal sealed class InstancePurges(SidecarConnection sidecar, Log log)
{
    private readonly Channel<string> waiting = Channel.CreateBounded<string>(
        new BoundedChannelOptions(DaprLimits.MaxWaitingPurges)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
        });

    /// <summary>A saga was deleted. Never waits.</summary>
    public void Post(string sagaId) => waiting.Writer.TryWrite(sagaId);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var sagaId in waiting.Reader.ReadAllAsync(stop)) await PurgeAsync(sagaId, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left stays in the sidecar's store.
        }
    }

    /// <summary>
    /// Purges every instance of the saga. Some of them may be gone, because an operator purged them by hand, so a
    /// missing one is not the end; several in a row are.
    /// </summary>
    private async Task PurgeAsync(string sagaId, CancellationToken stop)
    {
        var missing = 0;
        for (var number = 1; missing < DaprLimits.MaxMissingInstances; number++)
            missing = await IsThereAsync(sagaId, InstanceIds.Of(sagaId, number), stop) ? 0 : missing + 1;
    }

    /// <summary>Purges one instance; false when there is none, or nothing can be said of it.</summary>
    private async Task<bool> IsThereAsync(string sagaId, string instanceId, CancellationToken stop)
    {
        try
        {
            return (await sidecar.PurgeInstancesAsync(new PurgeRequest { InstanceId = instanceId }, stop)).Deleted > 0;
        }
        catch (SidecarException e)
        {
            // A missing instance is told as an error too; then there is nothing to purge.
            if (!e.IsNoSuchInstance) log.NotPurged(sagaId, e.Message);
            return e.IsNotEnded;
        }
    }
}
