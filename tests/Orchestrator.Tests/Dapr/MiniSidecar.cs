using Google.Protobuf.WellKnownTypes;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// The history of one instance and nothing else: gives turns, saves or loses their answers. In memory and on one
/// thread, so that a property can play thousands of runs.
/// </summary>
internal sealed class MiniSidecar
{
    private readonly List<HistoryEvent> inbox = [];
    private int answered;
    private readonly Dictionary<int, ScheduleTask> scheduled = [];

    public MiniSidecar(SagaDefinition definition, InstanceInput input, DateTimeOffset now, string? instanceId = null)
    {
        Definition = definition;
        InstanceId = instanceId ?? input.Start.SagaId;
        Now = now;
        Begin(definition.Name, input.Write());
    }

    public SagaDefinition Definition { get; }

    public string InstanceId { get; }

    public string ExecutionId { get; private set; } = "";

    public DateTimeOffset Now { get; set; }

    /// <summary>Saved history.</summary>
    public List<HistoryEvent> Past { get; private set; } = [];

    /// <summary>Calls that were sent out and not answered, also those of turns that were lost.</summary>
    public List<(int Id, CallPayload Payload)> Calls { get; } = [];

    /// <summary>Timers that were saved and have not fired.</summary>
    public List<(int Id, CreateTimer Timer)> Timers { get; } = [];

    public RunStatus Status { get; private set; }

    public bool HasNews => inbox.Count > 0;

    /// <summary>A turn, as the sidecar gives it: it may be given again with more behind it.</summary>
    public WorkflowRequest Turn()
    {
        var request = new WorkflowRequest { InstanceId = InstanceId };
        request.Past.AddRange(Past);
        request.Fresh.Add(Event(e => e.WorkflowStarted = new WorkflowStarted()));
        request.Fresh.AddRange(inbox);
        return request;
    }

    /// <summary>The answer to that turn is saved.</summary>
    public void Save(WorkflowRequest turn, WorkflowResponse response)
    {
        inbox.RemoveRange(0, turn.Fresh.Count - 1);
        Past.AddRange(turn.Fresh);
        SendOut(response);
        foreach (var action in response.Actions) Save(action);
    }

    /// <summary>The calls of the answer go out, and the turn is not saved.</summary>
    public void Lose(WorkflowResponse response) => SendOut(response);

    public void Answer(int id, Answer answer)
    {
        var call = Calls.First(each => each.Id == id);
        Calls.Remove(call);
        Raise(e => e.TaskCompleted = new TaskCompleted
        {
            TaskScheduledId = id,
            Result = AnswerPayload.Write(call.Payload.Call, answer, Now, RetryNow()),
        });
    }

    public void Fire(int id)
    {
        var timer = Timers.First(each => each.Id == id);
        Timers.Remove(timer);
        if (timer.Timer.FireAt.ToDateTimeOffset() is var at && at > Now) Now = at;
        Raise(e => e.TimerFired = new TimerFired { TimerId = id, FireAt = timer.Timer.FireAt });
    }

    public void RaiseEvent(string name, string? payload = null) =>
        Raise(e => e.EventRaised = new EventRaised { Name = name, Input = payload });

    public void Raise(Action<HistoryEvent> kind) => inbox.Add(Event(kind));

    /// <summary>An operator changes how the participant is tried again, again and again.</summary>
    private RetryOverride? RetryNow() => (answered++ % 3) switch
    {
        0 => null,
        1 => RetryOverride.None with { First = TimeSpan.FromSeconds(3), Attempts = 1 },
        _ => RetryOverride.None with { Longest = TimeSpan.FromMilliseconds(700), Timeout = TimeSpan.FromSeconds(1) },
    };

    private void Begin(string name, string input)
    {
        ExecutionId = $"execution-{Past.Count}-{Now.UtcTicks}";
        Past = [];
        Status = RunStatus.Running;
        inbox.Insert(0, Event(e => e.ExecutionStarted = new ExecutionStarted
        {
            Name = name,
            Input = input,
            Instance = new Instance { InstanceId = InstanceId, ExecutionId = ExecutionId },
        }));
    }

    private void SendOut(WorkflowResponse response)
    {
        foreach (var action in response.Actions)
            if (action.KindCase == WorkflowAction.KindOneofCase.ScheduleTask && Calls.All(call => call.Id != action.Id))
                Calls.Add((action.Id, CallPayload.Read(action.ScheduleTask.Input)));
    }

    private void Save(WorkflowAction action)
    {
        switch (action.KindCase)
        {
            case WorkflowAction.KindOneofCase.ScheduleTask:
                scheduled.TryAdd(action.Id, action.ScheduleTask).Should().BeTrue("an id stands for one action only");
                Past.Add(Event(e => e.TaskScheduled = new TaskScheduled
                {
                    Name = action.ScheduleTask.Name,
                    Input = action.ScheduleTask.Input,
                }, action.Id));
                break;
            case WorkflowAction.KindOneofCase.CreateTimer:
                action.CreateTimer.Plain.Should().NotBeNull("else it counts as the timeout of an event");
                Timers.Add((action.Id, action.CreateTimer));
                Past.Add(Event(e => e.TimerCreated = new TimerCreated
                {
                    Name = action.CreateTimer.Name,
                    FireAt = action.CreateTimer.FireAt,
                }, action.Id));
                break;
            case WorkflowAction.KindOneofCase.Complete when action.Complete.Status == RunStatus.ContinuedAsNew:
                scheduled.Clear();
                Timers.Clear();
                Begin(Definition.Name, action.Complete.Result);
                break;
            case WorkflowAction.KindOneofCase.Complete:
                Status = action.Complete.Status;
                break;
            default:
                throw new InvalidOperationException($"The sidecar does not know {action.KindCase}.");
        }
    }

    private HistoryEvent Event(Action<HistoryEvent> kind, int id = -1)
    {
        var e = new HistoryEvent { EventId = id, Timestamp = Timestamp.FromDateTimeOffset(Now) };
        kind(e);
        return e;
    }
}
