using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>
/// The history a sidecar keeps of a saga that was cancelled in its third step, and whose undo is answered 503 again and
/// again: the way histories grow long.
/// </summary>
internal sealed class RetriedUndo
{
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SagaDefinition definition = OneSaga.ThreeSteps();
    private readonly CatalogState catalog = new();
    private readonly List<HistoryEvent> past = [];
    private readonly List<HistoryEvent> news = [];
    private readonly SagaStarted start;
    private DateTimeOffset now = Begin;

    public RetriedUndo()
    {
        catalog.Load(CatalogSnapshot.Empty with
        {
            Definitions = CatalogSnapshot.Empty.Definitions.Add(
                definition.Name, [new CatalogDefinition(new StoredDefinition(definition, Begin, "ann"), "")]),
        });
        start = new SagaStarted
        {
            At = Begin,
            SagaId = "0197a6e4b0c17d2f8a3b5c6d7e8f9a0b",
            Definition = definition.Name,
            DefinitionVersion = definition.Version,
            Input = JsonData.FromText("""{"order":"o-4711","sku":"A1","quantity":2,"amount":1999}"""),
            ExpiresAt = Begin.AddMinutes(5),
        };
        Raise(e => e.ExecutionStarted = new ExecutionStarted
        {
            Name = definition.Name,
            Input = InstanceInput.Of(start).Write(),
            Instance = new Instance { InstanceId = start.SagaId, ExecutionId = "c64a8af9-db9b-48f1-90a0-348ef733b24d" },
        });
    }

    /// <summary>The turn before <see cref="Turn" />.</summary>
    public WorkflowRequest Before { get; private set; } = new();

    /// <summary>The first turn with so many events that sends a call.</summary>
    public WorkflowRequest Turn { get; private set; } = new();

    /// <summary>One that has kept nothing yet.</summary>
    public TurnTaker Taker() => new(
        catalog, new InstanceFolds(), new Orchestrator.Dapr.Log(NullLogger<Orchestrator.Dapr.Log>.Instance));

    /// <summary>Plays until the history is that long.</summary>
    public RetriedUndo GrowTo(int events)
    {
        var taker = Taker();
        while (true)
        {
            Before = Turn;
            Turn = new WorkflowRequest { InstanceId = start.SagaId };
            Turn.Past.AddRange(past);
            Turn.Fresh.Add(Event(e => e.WorkflowStarted = new WorkflowStarted()));
            Turn.Fresh.AddRange(news);
            var turn = taker.Take(Turn);
            var sends = turn.Response!.Actions.Any(action => action.ScheduleTask is not null);
            if (sends && Turn.Past.Count + Turn.Fresh.Count >= events) return this;
            taker.Keep(turn);
            Save(turn.Response!);
        }
    }

    /// <summary>The answer is saved, and what it asked for happens at once.</summary>
    private void Save(WorkflowResponse response)
    {
        past.AddRange(Turn.Fresh);
        news.Clear();
        foreach (var action in response.Actions)
        {
            if (action.ScheduleTask is { } call)
            {
                past.Add(Event(
                    e => e.TaskScheduled = new TaskScheduled { Name = call.Name, Input = call.Input }, action.Id));
                Answer(action.Id, CallPayload.Read(call.Input).Call);
            }
            else if (action.CreateTimer is { } timer)
            {
                past.Add(Event(
                    e => e.TimerCreated = new TimerCreated { Name = timer.Name, FireAt = timer.FireAt }, action.Id));
                if (timer.Name != TimerNames.Deadline) Fire(action.Id, timer.FireAt);
            }
        }
    }

    private void Answer(int id, ParticipantCall call)
    {
        now = now.AddMilliseconds(3);
        var answer = call.Command == CommandKind.Undo
            ? new Answer { Status = 503, Text = "the database is being moved" }
            : new Answer { Status = 200, Output = JsonData.FromText("""{"id":"r-4711"}"""), LedgerState = "held" };
        Raise(e => e.TaskCompleted = new TaskCompleted
        {
            TaskScheduledId = id,
            Result = AnswerPayload.Write(call, answer, now, null),
        });
        if (call.Step == definition.Steps[^1].Name && call.Command == CommandKind.Do)
            Raise(e => e.EventRaised = new EventRaised { Name = RaisedVerb.Cancel });
    }

    private void Fire(int id, Timestamp at)
    {
        if (at.ToDateTimeOffset() > now) now = at.ToDateTimeOffset();
        Raise(e => e.TimerFired = new TimerFired { TimerId = id, FireAt = at });
    }

    private void Raise(Action<HistoryEvent> kind) => news.Add(Event(kind));

    private HistoryEvent Event(Action<HistoryEvent> kind, int id = -1)
    {
        var e = new HistoryEvent
        {
            EventId = id,
            Timestamp = Timestamp.FromDateTimeOffset(now),
            Router = new Router { SourceAppId = "orchestrator" },
        };
        kind(e);
        return e;
    }
}
