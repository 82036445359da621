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
        catch (OperationCanceledException)
        {
            // What is left stays in the sidecar's store.
        }
    }

    private async Task PurgeAsync(string sagaId, CancellationToken stop)
    {
        try
        {
            for (var number = 1; number <= DaprLimits.MaxInstancesPerSaga; number++)
            {
                var reply = await sidecar.PurgeInstancesAsync(
                    new PurgeRequest { InstanceId = InstanceIds.Of(sagaId, number) }, stop);
                if (reply.Deleted == 0) return;
            }
        }
        catch (SidecarException e)
        {
            // A missing instance is told as an error too; then there is nothing to purge.
            if (!e.IsNoSuchInstance) log.NotPurged(sagaId, e.Message);
        }
    }
}
