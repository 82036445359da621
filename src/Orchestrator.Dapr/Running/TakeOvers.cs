using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Has the next instance of a saga take over before the last turn of the one before is answered: as long as that turn
/// is not answered the sidecar gives it again, whoever dies. Safe for any number of threads.
/// </summary>
internal sealed class TakeOvers(SidecarConnection sidecar, SagaInstances instances, TimeProvider time, Log log)
{
    /// <summary>
    /// Starts what the turn asks for, if it asks for one. A start that fails is tried again, and after
    /// <see cref="DaprLimits.MaxTakeOverTries" /> left to the sweep. Throws
    /// <see cref="Engine.Ports.StoreUnavailableException" />.
    /// </summary>
    public async Task CarryOutAsync(string instanceId, InstanceTurn turn, CancellationToken cancel)
    {
        var saga = turn.TakeOver ?? (turn.Fold is { IsTerminated: true } ? turn.Fold.Saga : null);
        if (saga is null || saga.IsClosed()) return;
        var sagaId = saga.Start.SagaId;
        var number = (InstanceIds.NumberOf(instanceId, sagaId) ?? 1) + 1;
        var wait = DaprLimits.TakeOverFirst;
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (tries == 1 || !await IsThereAsync(InstanceIds.Of(sagaId, number), cancel))
                    await StartAsync(turn, saga, number, cancel);
                return;
            }
            catch (SidecarException e) when (tries < DaprLimits.MaxTakeOverTries)
            {
                log.TakeOverPostponed(sagaId, e.Message, wait);
            }
            catch (SidecarException e)
            {
                log.NotLookedAfter(sagaId, e.Message);
                return;
            }

            await Task.Delay(wait, time, cancel);
            wait = wait * 2 < DaprLimits.TakeOverLongest ? wait * 2 : DaprLimits.TakeOverLongest;
        }
    }

    private Task StartAsync(InstanceTurn turn, StartedSaga saga, int number, CancellationToken cancel) =>
        turn.Fold is { IsTerminated: true } fold
            ? instances.TakeOverAsync(fold, cancel)
            : instances.TakeOverAsync(saga, number, afterTerminate: false, cancel);

    // A start that failed may have come through, and by now that instance may have ended: it would be overwritten.
    private async Task<bool> IsThereAsync(string instanceId, CancellationToken cancel) =>
        (await sidecar.GetInstanceAsync(new InstanceRequest { InstanceId = instanceId }, cancel)).Exists;
}
