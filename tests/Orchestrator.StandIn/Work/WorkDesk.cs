using Google.Protobuf;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Instances;
using Instance = Orchestrator.StandIn.Instances.Instance;

namespace Orchestrator.StandIn.Work;

/// <summary>Hands work out over streams and takes the answers. Thread-safe.</summary>
internal sealed class WorkDesk(Hub hub, bool stepByStep) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>So often an instance may begin anew at once; then it waits as a turn that is not saved does.</summary>
    private const int MaxContinuedInARow = 20;

    private readonly List<ActivityResponse> held = [];
    private readonly SemaphoreSlim steps = new(0);
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lastStream;

    /// <summary>A stream opens; several share the work.</summary>
    public int Open()
    {
        lock (hub.Guard)
        {
            hub.Streams.Add(++lastStream, []);
            hub.Pulse();
            return lastStream;
        }
    }

    /// <summary>A stream is gone: what it has not answered is handed out again.</summary>
    public void Close(int stream)
    {
        lock (hub.Guard)
        {
            if (!hub.Streams.Remove(stream, out var taken)) return;
            foreach (var entry in taken)
            {
                if (entry.Activity is not null)
                {
                    hub.QueueActivity(entry.Instance, entry.Activity);
                    continue;
                }

                entry.Instance.Out = null;
                hub.QueueTurn(entry.Instance);
            }

            hub.Pulse();
        }
    }

    /// <summary>Lets one more item out, when that is asked for item by item.</summary>
    public void Step() => steps.Release();

    /// <summary>The next item for a stream, when there is one.</summary>
    public async Task<WorkItem> TakeAsync(int stream, CancellationToken cancel)
    {
        if (stepByStep) await steps.WaitAsync(cancel);
        return await hub.UntilAsync(() => Take(stream), cancel);
    }

    public void Dispose() => steps.Dispose();

    /// <summary>The answer to a turn; one that nobody waits for changes nothing.</summary>
    public void CompleteTurn(WorkflowResponse response)
    {
        lock (hub.Guard)
        {
            if (hub.Find(response.InstanceId) is not { Out: { } turnOut } instance) return;
            var turn = new Turn(instance, turnOut, response, hub.App, hub.Time);
            instance.Out = null;
            Taken(entry => entry.Activity is null && entry.Instance == instance);
            if (turn.IsUnsupported) Hold(instance);
            else if (hub.Faults.Take(FaultKind.SaveFails)) LoseTurn(instance, turn);
            else Save(instance, turn);
            hub.Pulse();
        }
    }

    /// <summary>
    /// The answer to an activity; one that nobody waits for, or of an instance that has ended, changes nothing.
    /// </summary>
    public Task CompleteActivityAsync(ActivityResponse response, CancellationToken cancel)
    {
        lock (hub.Guard)
        {
            if (hub.Faults.Take(FaultKind.LoseAnswer)) return LoseAnswerAsync(response, cancel);
            if (hub.Faults.Take(FaultKind.HoldActivity)) held.Add(response);
            else Tell(response);
            hub.Pulse();
            return Task.CompletedTask;
        }
    }

    /// <summary>Tells the activity answers that were held back.</summary>
    public void Release()
    {
        lock (hub.Guard)
        {
            foreach (var response in held) Tell(response);
            held.Clear();
            released.SetResult();
            released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hub.Pulse();
        }
    }

    private Task LoseAnswerAsync(ActivityResponse response, CancellationToken cancel)
    {
        if (hub.Find(response.InstanceId) is { } instance
            && instance.Stored.Activities.FirstOrDefault(one => one.TaskId == response.TaskId) is { } activity)
            hub.QueueActivity(instance, activity);
        hub.Pulse();
        return released.Task.WaitAsync(cancel);
    }

    private WorkItem? Take(int stream)
    {
        if (!hub.Streams.TryGetValue(stream, out var taken)) return null;
        while (hub.Dequeue() is { } entry)
        {
            if (entry.Activity is { } activity)
            {
                if (!IsPending(entry)) continue;
                taken.Add(entry);
                if (hub.Faults.Take(FaultKind.RepeatActivity)) hub.QueueActivity(entry.Instance, activity);
                return new WorkItem { Activity = activity.Clone() };
            }

            var instance = entry.Instance;
            instance.IsQueued = false;
            if (instance.IsHeld || instance.IsEnded || instance.Stored.Inbox.Count == 0) continue;
            if (hub.Faults.Take(FaultKind.Stall)) instance.Stored.Stalled = true;
            if (instance.Stored.Stalled) continue;
            taken.Add(entry);
            return ItemOf(instance);
        }

        return null;
    }

    private WorkItem ItemOf(Instance instance)
    {
        var now = hub.Time.GetUtcNow();
        if (hub.Faults.Take(FaultKind.StreamHistory))
        {
            var streamed = instance.NextTurn(now, []);
            streamed.Workflow.Past.Clear();
            streamed.Workflow.RequiresHistoryStreaming = true;
            return streamed;
        }

        if (hub.Faults.Bloat?.Invoke(instance.Id) is { } bytes and > 0)
        {
            byte[] turn = [.. instance.NextTurn(now, []).ToByteArray(), .. Events.Field(99, new byte[bytes])];
            return WorkItem.Parser.ParseFrom(turn);
        }

        if (!hub.Faults.Take(FaultKind.Stranger)) return instance.NextTurn(now, []);
        var item = instance.NextTurn(now, [Events.Stranger(now)]);
        return WorkItem.Parser.ParseFrom([.. item.ToByteArray(), .. Events.Field(99, "field"u8)]);
    }

    private void Save(Instance instance, Turn turn)
    {
        var timers = instance.Stored.Timers.ToHashSet(ReferenceEqualityComparer.Instance);
        turn.Save();
        hub.Save(instance);
        foreach (var activity in turn.Activities) hub.QueueActivity(instance, activity);
        foreach (var timer in instance.Stored.Timers.Where(timer => !timers.Contains(timer)))
            hub.Due.Add(instance, timer);
        instance.ContinuedInARow = instance.Stored.Continued ? instance.ContinuedInARow + 1 : 0;
        if (instance.ContinuedInARow > MaxContinuedInARow)
        {
            instance.ContinuedInARow = 0;
            Hold(instance);
        }

        hub.QueueTurn(instance);
    }

    /// <summary>
    /// What was to go out has gone out, but the turn is not saved: it comes again, with the answers that are in by
    /// then.
    /// </summary>
    private void LoseTurn(Instance instance, Turn turn)
    {
        foreach (var activity in turn.Scheduled())
        {
            instance.Stored.Activities.Add(activity);
            hub.QueueActivity(instance, activity);
        }

        hub.Save(instance);
        Hold(instance);
    }

    private void Hold(Instance instance)
    {
        instance.IsHeld = true;
        hub.Due.At(hub.Time.GetUtcNow() + Again, () => LetGo(instance));
    }

    private void LetGo(Instance instance)
    {
        instance.IsHeld = false;
        hub.QueueTurn(instance);
    }

    private void Tell(ActivityResponse response)
    {
        if (hub.Find(response.InstanceId) is not { } instance) return;
        if (instance.Stored.Activities.FirstOrDefault(one => one.TaskId == response.TaskId) is not { } activity) return;
        instance.Stored.Activities.Remove(activity);
        Taken(entry => ReferenceEquals(entry.Activity, activity));
        if (!instance.IsEnded) instance.Stored.Inbox.Add(EventOf(activity, response));
        hub.Save(instance);
        LetGo(instance);
    }

    private HistoryEvent EventOf(ActivityRequest activity, ActivityResponse response)
    {
        var told = Events.Of(hub.Time.GetUtcNow());
        told.Router = new Router { SourceAppId = hub.App };
        if (response.Failure is { } failure)
        {
            told.TaskFailed = new TaskFailed
            {
                TaskScheduledId = response.TaskId,
                Failure = failure,
                TaskExecutionId = activity.TaskExecutionId,
            };
        }
        else
        {
            told.TaskCompleted = new TaskCompleted
            {
                TaskScheduledId = response.TaskId,
                Result = response.Result,
                TaskExecutionId = activity.TaskExecutionId,
            };
        }

        return told;
    }

    private static bool IsPending(WorkEntry entry) =>
        entry.Instance.Stored.Activities.Any(one => ReferenceEquals(one, entry.Activity));

    private void Taken(Predicate<WorkEntry> isAnswered)
    {
        foreach (var taken in hub.Streams.Values) taken.RemoveAll(isAnswered);
    }
}
