using Orchestrator.Dapr.Connecting;
using Orchestrator.Dapr.Translating;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Sees to work that was left out of a stream. The turn of a saga that is too large to be taken stays so for ever, so
/// another instance takes over from our store, as from one that was terminated. What cannot be read is left alone: a
/// sidecar that speaks otherwise would have every saga taken over. Safe for any number of threads.
/// </summary>
internal sealed class LeftOutWork(
    SidecarConnection sidecar, SagaInstances instances, TakeOvers takeOvers, LiveSagas sagas, Log log)
{
    /// <summary>
    /// Hears of it, and waits for nothing. What it begins ends with the stream, after which the work is given again.
    /// </summary>
    public void Take(SkippedMessage item, CancellationToken over)
    {
        var instanceId = WorkItemHead.InstanceOf(item.Head);
        log.LeftOut(instanceId ?? "(unknown)", item.Bytes, item.Why);
        if (item.IsTooLarge && instanceId is not null) _ = HaveTakenOverAsync(instanceId, item.Why, over);
    }

    private async Task HaveTakenOverAsync(string instanceId, string why, CancellationToken over)
    {
        var sagaId = InstanceIds.SagaOf(instanceId);
        if (instances.CurrentOf(sagaId) != instanceId || sagas.Find(sagaId)?.State is not { } saga) return;
        try
        {
            var turn = new InstanceTurn(null, ActionWriter.Refuse(instanceId, sagaId, $"This turn is {why}."))
            {
                TakeOver = saga,
            };
            await takeOvers.CarryOutAsync(instanceId, turn, over);
            await sidecar.CompleteTurnAsync(turn.Response!, over);
        }
        catch (OperationCanceledException)
        {
            // The sidecar gives the turn again.
        }
        catch (Exception e) when (e is SidecarException or StoreUnavailableException)
        {
            log.NotTaken(instanceId, e.Message);
        }
        // One instance's bug must not end the pump; the sidecar gives the turn again after a reconnect.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Broke(instanceId, e);
        }
    }
}
