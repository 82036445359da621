using System.Collections.Concurrent;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// The instances sagas run in: starts them, lets one take over from another, knows which is the present one. Safe for
/// any number of threads.
/// </summary>
internal sealed class SagaInstances(SidecarConnection sidecar, ISagaStore store, Log log)
{
    private readonly ConcurrentDictionary<string, int> numbers = new();

    /// <summary>Id of the instance a saga runs in, as far as this process knows.</summary>
    public string CurrentOf(string sagaId) => InstanceIds.Of(sagaId, NumberOf(sagaId));

    /// <summary>Its number, from 1.</summary>
    public int NumberOf(string sagaId) => numbers.GetValueOrDefault(sagaId, 1);

    /// <summary>A saga is known to run in the instance of that number, or in a later one.</summary>
    public void IsAt(string sagaId, int number)
    {
        if (number > 1) numbers.AddOrUpdate(sagaId, number, (_, known) => Math.Max(known, number));
    }

    /// <summary>A saga has ended.</summary>
    public void Forget(string sagaId) => numbers.TryRemove(sagaId, out _);

    /// <summary>
    /// Starts a saga's first instance. A start that fails is left to the sweep, which starts it later: the saga is in
    /// our store.
    /// </summary>
    public async Task BeginAsync(StartedSaga saga, CancellationToken cancel)
    {
        try
        {
            await StartAsync(saga.Start.SagaId, saga.Start.Definition, InstanceInput.Of(saga.Start), cancel);
        }
        catch (SidecarException e)
        {
            log.StartPostponed(saga.Start.SagaId, e.Message);
        }
    }

    /// <summary>
    /// Starts the instance that takes over from the one that was folded. Throws <see cref="SidecarException" />.
    /// </summary>
    public Task TakeOverAsync(InstanceFold fold, CancellationToken cancel)
    {
        var saga = fold.Saga!;
        var number = InstanceIds.NumberOf(fold.InstanceId, saga.Start.SagaId) ?? 1;
        return TakeOverAsync(saga, number + 1, TurnTaker.Compacted(fold), cancel);
    }

    /// <summary>
    /// Starts the next instance of a saga from what our store knows of it. What was meant by a terminate that came when
    /// nobody listened is made good by it. Throws <see cref="SidecarException" /> and
    /// <see cref="StoreUnavailableException" />.
    /// </summary>
    public async Task TakeOverAsync(
        StartedSaga saga, int number, bool afterTerminate, CancellationToken cancel)
    {
        var sagaId = saga.Start.SagaId;
        if (await store.ReadAsync(sagaId, cancel) is not { } stored) return;
        var history = stored.Turns.SelectMany(turn => SagaEventJson.Read(turn)).Select((e, seq) => (seq, e)).ToList();
        var events = HistoryCompaction.Compact(saga.Definition, history);
        var input = new InstanceInput(
            history.Count,
            [.. events.Select(each => new RecordedEvent(each.Seq, each.Event))],
            afterTerminate);
        await TakeOverAsync(saga, number, input, cancel);
    }

    /// <summary>
    /// After an answer to a turn of an earlier stream. A sidecar knows an answer by its instance alone: it may have
    /// been taken for that of the same turn given again with more events behind it, and what these caused is lost
    /// there. Another turn brings it along.
    /// </summary>
    public async Task PokeAsync(string instanceId, CancellationToken cancel)
    {
        try
        {
            await sidecar.RaiseEventAsync(
                new RaiseRequest { InstanceId = instanceId, Name = RaisedVerb.Poke }, cancel);
        }
        catch (SidecarException e)
        {
            // The sweep pokes it later; one that is not there needs none.
            if (!e.IsNoSuchInstance) log.NotTaken(instanceId, e.Message);
        }
    }

    private async Task TakeOverAsync(StartedSaga saga, int number, InstanceInput input, CancellationToken cancel)
    {
        var sagaId = saga.Start.SagaId;
        if (number > DaprLimits.MaxInstancesPerSaga)
            throw new InvalidOperationException(
                $"Saga {sagaId} was terminated {number - 1} times; it goes no further.");
        await StartAsync(InstanceIds.Of(sagaId, number), saga.Start.Definition, input, cancel);
        IsAt(sagaId, number);
        log.TakenOver(sagaId, InstanceIds.Of(sagaId, number));
    }

    private async Task StartAsync(string instanceId, string definition, InstanceInput input, CancellationToken cancel)
    {
        try
        {
            var request = new StartRequest { InstanceId = instanceId, Name = definition, Input = input.Write() };
            await sidecar.StartInstanceAsync(request, cancel);
        }
        catch (SidecarException e) when (e.IsAlreadyRunning)
        {
            // An earlier try of this start came through.
        }
    }
}
