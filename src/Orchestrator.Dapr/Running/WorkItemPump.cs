using System.Collections.Concurrent;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Takes the sidecar's work as it comes: turns go to the commit loop and are answered once they are on disk, calls to
/// their participants. A broken stream is opened again; the sidecar then gives again what was not answered.
/// </summary>
internal sealed class WorkItemPump(
    SidecarConnection sidecar,
    DaprOptions options,
    TurnTaker turns,
    CallRunner calls,
    TakeOvers takeOvers,
    LeftOutWork leftOut,
    SagaInstances instances,
    RaisedVerbs verbs,
    LiveSagas sagas,
    SagaReads reads,
    Inbox inbox,
    EngineHealth health,
    TimeProvider time,
    Log log) : IDisposable
{
    private readonly ConcurrentDictionary<(string InstanceId, int Id), Task> unanswered = new();
    private readonly ConcurrentDictionary<Task, Task> callsUnderWay = new();
    private readonly SemaphoreSlim places = new(DaprLimits.MaxTurnsAtOnce);
    private CancellationTokenSource? stream;

    /// <summary>Calls that were begun and not answered.</summary>
    public int CallsUnderWay => callsUnderWay.Count;

    /// <summary>All that is under way, for a stop that lets it end.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(callsUnderWay.Values);

    /// <summary>
    /// Runs until <paramref name="stop" />; after that nothing new is taken. What is under way goes on until
    /// <paramref name="abandon" />.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        var wait = DaprLimits.ReconnectFirst;
        while (!stop.IsCancellationRequested)
        {
            string reason;
            try
            {
                reason = await ReadStreamAsync(() => wait = DaprLimits.ReconnectFirst, stop, abandon);
            }
            catch (SidecarException e)
            {
                reason = e.Message;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                reason = "it is opened anew, because an answer was not taken.";
            }

            health.Outside = $"The sidecar at {options.GrpcEndpoint} gives no work: {reason}";
            log.Disconnected(reason, wait);
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < DaprLimits.ReconnectLongest ? wait * 2 : DaprLimits.ReconnectLongest;
        }
    }

    /// <inheritdoc />
    public void Dispose() => places.Dispose();

    private async Task<string> ReadStreamAsync(Action connected, CancellationToken stop, CancellationToken abandon)
    {
        await sidecar.HelloAsync(stop);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        stream = own;
        health.Outside = null;
        log.Connected(options.GrpcEndpoint);
        try
        {
            await foreach (var item in sidecar.GetWorkItemsAsync(each => leftOut.Take(each, own.Token), own.Token))
            {
                connected();
                Take(item, own.Token, abandon);
            }
        }
        finally
        {
            // What came over it and is not answered comes again.
            await own.CancelAsync();
        }

        return "the sidecar closed the stream.";
    }

    private void Take(WorkItem item, CancellationToken over, CancellationToken abandon)
    {
        switch (item.RequestCase)
        {
            case WorkItem.RequestOneofCase.Workflow when item.Workflow.RequiresHistoryStreaming:
                // Its past was left out. Taken for a whole one it would be a saga without a beginning.
                log.Streamed(item.Workflow.InstanceId);
                break;
            case WorkItem.RequestOneofCase.Workflow:
                _ = TakeTurnAsync(item.Workflow, item.CompletionToken, over, abandon);
                break;
            case WorkItem.RequestOneofCase.Activity:
                Run(item.Activity, item.CompletionToken, abandon);
                break;
            default:
                log.UnknownWork();
                break;
        }
    }

    private async Task TakeTurnAsync(
        WorkflowRequest request, string token, CancellationToken over, CancellationToken abandon)
    {
        try
        {
            var turn = await TakeAsync(request, over, abandon);
            await takeOvers.CarryOutAsync(request.InstanceId, turn, abandon);
            var response = turn.Response!;
            response.CompletionToken = token;
            var isTaken = await CompleteAsync(
                request.InstanceId, cancel => sidecar.CompleteTurnAsync(response, cancel), over, abandon);
            // It was under way when the stream broke, and may have been taken for the answer to another turn.
            if (isTaken && over.IsCancellationRequested) await instances.PokeAsync(request.InstanceId, abandon);
        }
        catch (OperationCanceledException)
        {
            // The sidecar gives the turn again.
        }
        catch (StoreUnavailableException e)
        {
            log.NotTaken(request.InstanceId, e.Message);
            OpenAnew();
        }
        // One instance's bug must not end the pump; the sidecar gives the turn again after a reconnect.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Broke(request.InstanceId, e);
        }
    }

    /// <summary>
    /// Takes the turn, again and again while the instance cannot be folded, or its turn not be written: the sidecar
    /// gives it a second time only on a new stream.
    /// </summary>
    private async Task<InstanceTurn> TakeAsync(
        WorkflowRequest request, CancellationToken over, CancellationToken cancel)
    {
        while (true)
        {
            var again = DaprLimits.UnreadableAgain;
            await places.WaitAsync(cancel);
            try
            {
                var work = new TurnWork(request, await StoredAsync(request, cancel), turns, instances, verbs, log);
                inbox.Post(work);
                var turn = await work.Done.WaitAsync(cancel);
                if (turn is { Response: not null }) return turn;
                if (turn is null) again = DaprLimits.BrokenAgain;
            }
            finally
            {
                places.Release();
            }

            // On the next stream it comes again by itself.
            await Task.Delay(again, time, over);
        }
    }

    /// <summary>
    /// The saga as our store has it, for an instance whose saga is not live: it has ended, or is not known.
    /// </summary>
    private async Task<StartedSaga?> StoredAsync(WorkflowRequest request, CancellationToken cancel)
    {
        var sagaId = InstanceIds.SagaOf(request.InstanceId);
        return sagas.Find(sagaId) is null ? await reads.ReadAsync(sagaId, cancel) : null;
    }

    /// <summary>
    /// A call that is given again while its participant is asked is answered once, by the one that began first. One
    /// that is given again later, be it while that answer is on its way, is carried out again: the sidecar may have had
    /// no use for the answer.
    /// </summary>
    private void Run(ActivityRequest request, string token, CancellationToken abandon)
    {
        var key = (request.Instance.InstanceId, request.TaskId);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = RunAsync(begin.Task, key, request, token, abandon);
        if (!unanswered.TryAdd(key, running)) return;
        callsUnderWay[begin.Task] = running;
        begin.SetResult();
    }

    private async Task RunAsync(
        Task begin, (string InstanceId, int Id) key, ActivityRequest request, string token, CancellationToken abandon)
    {
        await begin;
        try
        {
            var response = await AskAsync(key, request, abandon);
            response.CompletionToken = token;
            if (await CompleteAsync(
                key.InstanceId, cancel => sidecar.CompleteActivityAsync(response, cancel), CancellationToken.None,
                abandon))
                calls.Recorded(request);
        }
        catch (OperationCanceledException)
        {
            // The sidecar gives the call again.
        }
        // One call's bug must not end the pump; the sidecar gives the call again after a reconnect.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Broke(key.InstanceId, e);
        }
        finally
        {
            callsUnderWay.TryRemove(begin, out _);
        }
    }

    private async Task<ActivityResponse> AskAsync(
        (string InstanceId, int Id) key, ActivityRequest request, CancellationToken abandon)
    {
        try
        {
            return await calls.RunAsync(request, abandon);
        }
        finally
        {
            unanswered.TryRemove(key, out _);
        }
    }

    /// <summary>
    /// Gives an answer to the sidecar; when it does not take it, the stream is opened anew and it asks again. Once
    /// <paramref name="over" />, it asks again by itself and nothing is given: a sidecar knows the answer to a turn by
    /// its instance alone, and would take it for that of the turn it has given meanwhile, with more events in it.
    /// </summary>
    /// <returns>True when it was taken.</returns>
    private async Task<bool> CompleteAsync(
        string instanceId, Func<CancellationToken, Task> complete, CancellationToken over, CancellationToken cancel)
    {
        var wait = DaprLimits.ReconnectFirst;
        for (var tries = 1; !over.IsCancellationRequested; tries++)
        {
            try
            {
                await complete(cancel);
                return true;
            }
            catch (SidecarException e)
            {
                log.NotTaken(instanceId, e.Message);
                // Too large on this stream is too large on the next one, and that one would break for everybody.
                if (e.Status == GrpcStatus.ResourceExhausted) return false;
                if (!e.IsRetriable || tries >= DaprLimits.MaxCompletionTries)
                {
                    OpenAnew();
                    return false;
                }
            }

            await Task.Delay(wait, time, cancel);
            wait *= 2;
        }

        return false;
    }

    private void OpenAnew()
    {
        try
        {
            stream?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
