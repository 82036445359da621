using Orchestrator.Dapr.Wire;

namespace Orchestrator.StandIn.Instances;

/// <summary>Carries out the answer to a turn, in memory.</summary>
internal sealed class Turn(Instance instance, TurnOut turn, WorkflowResponse response, string app, TimeProvider time)
{
    private readonly StoredInstance stored = instance.Stored;

    /// <summary>The activities to send out.</summary>
    public List<ActivityRequest> Activities { get; } = [];

    /// <summary>What it decided that no sidecar of today can do; such a turn is sent out again every second.</summary>
    public bool IsUnsupported => response.Actions.Any(action => action.KindCase == WorkflowAction.KindOneofCase.None);

    /// <summary>The activities of the answer, as they go out before anything is saved.</summary>
    public IEnumerable<ActivityRequest> Scheduled() => response.Actions
        .Where(action => action.KindCase == WorkflowAction.KindOneofCase.ScheduleTask).Select(ActivityOf);

    public void Save()
    {
        stored.History.Add(turn.Fresh);
        for (var i = 0; i < turn.Taken; i++) stored.Inbox.RemoveAt(0);
        stored.Continued = false;
        stored.CustomStatus = response.CustomStatus;
        DropEventTimers();
        if (turn.Fresh.LastOrDefault(one => one.ExecutionTerminated is not null) is { } terminated)
        {
            // Whatever was decided in this turn is dropped.
            End(-1, RunStatus.Terminated, terminated.ExecutionTerminated.Input, null);
            return;
        }

        foreach (var action in response.Actions) Do(action);
    }

    private void Do(WorkflowAction action)
    {
        if (instance.IsEnded) return;
        switch (action.KindCase)
        {
            case WorkflowAction.KindOneofCase.ScheduleTask:
                Schedule(action);
                break;
            case WorkflowAction.KindOneofCase.CreateTimer:
                CreateTimer(action);
                break;
            case WorkflowAction.KindOneofCase.Complete when action.Complete.Status == RunStatus.ContinuedAsNew:
                Continue(action.Complete);
                break;
            case WorkflowAction.KindOneofCase.Complete:
                End(action.Id, action.Complete.Status, action.Complete.Result, action.Complete.Failure);
                break;
            case WorkflowAction.KindOneofCase.None:
                throw new InvalidOperationException("An unsupported action is refused before.");
            default:
                throw new System.Diagnostics.UnreachableException($"An action of kind {action.KindCase}.");
        }
    }

    private void Schedule(WorkflowAction action)
    {
        var task = action.ScheduleTask;
        var scheduled = Own(action.Id);
        scheduled.TaskScheduled = new TaskScheduled
        {
            Name = task.Name,
            Version = task.Version,
            Input = task.Input,
            TaskExecutionId = task.TaskExecutionId,
        };
        stored.History.Add(scheduled);
        var activity = ActivityOf(action);
        stored.Activities.Add(activity);
        Activities.Add(activity);
    }

    private ActivityRequest ActivityOf(WorkflowAction action) => new()
    {
        Name = action.ScheduleTask.Name,
        Version = action.ScheduleTask.Version,
        Input = action.ScheduleTask.Input,
        Instance = new Orchestrator.Dapr.Wire.Instance { InstanceId = stored.Id },
        TaskId = action.Id,
        TaskExecutionId = action.ScheduleTask.TaskExecutionId,
    };

    private void CreateTimer(WorkflowAction action)
    {
        var timer = action.CreateTimer;
        var created = Own(action.Id);
        created.TimerCreated = new TimerCreated { FireAt = timer.FireAt, Plain = timer.Plain };
        if (timer.HasName) created.TimerCreated.Name = timer.Name;
        stored.History.Add(created);
        stored.Timers.Add(new StoredTimer
        {
            Id = action.Id,
            FireAt = timer.FireAt,
            EventName = timer.Plain is null && timer.HasName ? timer.Name : "",
        });
    }

    /// <summary>A named timer without an origin counts as the timeout of the event of its name.</summary>
    private void DropEventTimers()
    {
        var names = turn.Fresh.Where(one => one.EventRaised is not null).Select(one => one.EventRaised.Name);
        foreach (var name in names)
        {
            var gone = stored.Timers.Where(timer => timer.EventName.Length > 0
                && timer.EventName.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
            foreach (var timer in gone) stored.Timers.Remove(timer);
        }
    }

    /// <summary>
    /// The same id, a new execution: what has not been worked off comes first, the rest of the inbox behind it.
    /// </summary>
    private void Continue(CompleteWorkflow complete)
    {
        var rest = stored.Inbox.ToArray();
        stored.History.Clear();
        stored.Inbox.Clear();
        stored.Timers.Clear();
        stored.Activities.Clear();
        Activities.Clear();
        stored.Inbox.Add(Events.ExecutionStarted(time.GetUtcNow(), app, stored.Id, stored.Name, complete.Result));
        stored.Continued = true;
        stored.Inbox.Add(complete.Carryover);
        stored.Inbox.Add(rest);
    }

    private void End(int id, RunStatus status, string? result, Failure? failure)
    {
        var ended = Own(id);
        ended.ExecutionCompleted = new ExecutionCompleted { Status = status, Result = result, Failure = failure };
        stored.History.Add(ended);
        stored.Inbox.Clear();
        stored.Timers.Clear();
    }

    private HistoryEvent Own(int id)
    {
        var one = Events.Of(time.GetUtcNow(), id);
        one.Router = new Router { SourceAppId = app };
        return one;
    }
}
