using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Looks after sagas that should have moved and have not: a timer the scheduler did not ring, a start that did not come
/// through, an instance that was ended behind our back. So a deadline does not rest on the sidecar's scheduler alone.
/// </summary>
internal sealed class SagaSweep(
    SidecarConnection sidecar,
    SagaInstances instances,
    LiveSagas sagas,
    CatalogState catalog,
    EngineHealth health,
    TimeProvider time,
    Log log)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly Dictionary<string, DateTimeOffset> lookedAt = [];

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(DaprLimits.SweepEvery, time, stop);
                await SweepAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next process sweeps on.
        }
    }

    /// <summary>One look at everything that lives.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? oldest = null;
        var late = new List<(StartedSaga Saga, DateTimeOffset Since)>();
        foreach (var live in sagas.All)
        {
            if (live.State is not { } saga || Since(saga) is not { } since || since > now) continue;
            if (oldest is null || since < oldest) oldest = since;
            if (now - since < DaprLimits.PokeAfter || IsTooSoon(live.Id, now)) continue;
            late.Add((saga, since));
        }

        health.Overdue(oldest);
        // Without a worker the sidecar answers neither a start nor a raised event, and what is late will come with the
        // stream by itself.
        if (health.Outside is not null) return;
        foreach (var id in lookedAt.Keys.Where(id => sagas.Find(id) is null).ToList()) lookedAt.Remove(id);
        foreach (var (saga, since) in late.OrderBy(each => each.Since).Take(DaprLimits.MaxPokesPerSweep))
        {
            lookedAt[saga.Start.SagaId] = now;
            await LookAfterAsync(saga, since, cancel);
        }
    }

    /// <summary>
    /// Since when a saga should have moved: its earliest timer, or its start when nothing has happened since.
    /// </summary>
    private DateTimeOffset? Since(StartedSaga saga)
    {
        DateTimeOffset? earliest = HasBegun(saga) ? null : saga.Start.At;
        foreach (var timer in saga.OpenTimers())
            if (earliest is null || timer.DueAt < earliest)
                earliest = timer.DueAt;
        foreach (var call in saga.OpenCalls())
        {
            // A call ends by its timeout, wherever it is carried out; a lane that is full or paused makes it later. One
            // that an earlier process sent waits in no lane: its instance may have been ended while nobody listened.
            var lane = saga.LastAt < startedAt ? TimeSpan.Zero : DaprLimits.PokeAgain;
            var step = call.Step.Definition;
            var ends = saga.LastAt + (catalog.Current.RetryOf(step.Participant)?.Timeout ?? step.Retry.Timeout) + lane;
            if (earliest is null || ends < earliest) earliest = ends;
        }

        return earliest;
    }

    /// <summary>False while nothing is known to have happened since the start.</summary>
    private static bool HasBegun(StartedSaga saga) =>
        saga is not Doing { Suspended: false }
        || saga.Steps.Any(step => step.Do is not (CallState.NotSent or CallState.Underway { Tally.Tries: 1 }));

    private bool IsTooSoon(string sagaId, DateTimeOffset now) =>
        lookedAt.TryGetValue(sagaId, out var at) && now - at < DaprLimits.PokeAgain;

    private async Task LookAfterAsync(StartedSaga saga, DateTimeOffset since, CancellationToken cancel)
    {
        var sagaId = saga.Start.SagaId;
        try
        {
            var (number, status) = await FindCurrentAsync(sagaId, cancel);
            // It moved while others were looked after: what was found of the instance is not about this state of it.
            if (sagas.Find(sagaId)?.State?.Version != saga.Version) return;
            var instanceId = InstanceIds.Of(sagaId, number);
            log.LookedAfter(sagaId, since, instanceId, status?.ToString() ?? "missing");
            if (status is null && number == 1 && !HasBegun(saga)) await instances.BeginAsync(saga, cancel);
            else if (status is null or RunStatus.Completed or RunStatus.Failed or RunStatus.Canceled
                or RunStatus.Terminated)
                await instances.TakeOverAsync(saga, number + 1, status is RunStatus.Terminated, cancel);
            else if (status is RunStatus.Stalled)
                log.Stalled(sagaId, instanceId);
            else
                await sidecar.RaiseEventAsync(
                    new RaiseRequest { InstanceId = instanceId, Name = RaisedVerb.Poke }, cancel);
        }
        catch (Exception e) when (e is SidecarException or StoreUnavailableException or InvalidOperationException)
        {
            log.NotLookedAfter(sagaId, e.Message);
        }
        // One saga's bug must not keep the others from being looked after.
#pragma warning disable CA1031
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.Broke(sagaId, e);
        }
    }

    /// <summary>The last instance of a saga the sidecar knows, and how it is; no status when it knows none.</summary>
    private async Task<(int Number, RunStatus? Status)> FindCurrentAsync(string sagaId, CancellationToken cancel)
    {
        var number = instances.NumberOf(sagaId);
        var status = await StatusAsync(InstanceIds.Of(sagaId, number), cancel);
        while (number < DaprLimits.MaxInstancesPerSaga
            && await StatusAsync(InstanceIds.Of(sagaId, number + 1), cancel) is { } next)
        {
            (number, status) = (number + 1, next);
            instances.IsAt(sagaId, number);
        }

        return (number, status);
    }

    private async Task<RunStatus?> StatusAsync(string instanceId, CancellationToken cancel)
    {
        var reply = await sidecar.GetInstanceAsync(new InstanceRequest { InstanceId = instanceId }, cancel);
        return reply.Exists ? reply.State.Status : null;
    }
}
