using System.Text.Json.Nodes;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Catalog;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// The turns of a recorded instance as if a saga of ours had run in it. Every event keeps its kind, its instant, its
/// place and its router; what only the worker decides is ours: the input, what calls carry and bring, and the ids of
/// actions. The recorded worker counted its actions from 0; ours are the seqs of decisions. A recorded action and the
/// one of ours that stands for it are of the same kind and asked for in the same turn, in the same order.
/// </summary>
internal sealed class RemadeConversation
{
    private readonly CatalogState catalog;
    private readonly TurnTaker keeping;
    private readonly InstanceInput input;
    private readonly Dictionary<int, WorkflowAction> ours = [];

    /// <summary>Actions of ours that the recorded worker has none for, by the number of events before them.</summary>
    private readonly Dictionary<int, List<WorkflowAction>> added = [];

    public RemadeConversation(RemadeSaga saga, string instanceId, IReadOnlyList<WorkflowRequest> turns)
    {
        catalog = FoldWorld.CatalogOf(saga.Definition);
        keeping = FoldWorld.Taker(catalog);
        input = saga.Input(saga.Definition, instanceId, turns);
    }

    /// <summary>The saga after the last turn; null when the instance is none of ours.</summary>
    public InstanceFold? Fold { get; private set; }

    /// <summary>Takes the next recorded turn, with the fold that is kept and from the whole history.</summary>
    public WorkflowResponse Take(WorkflowRequest recorded)
    {
        var request = Remake(recorded);
        var turn = keeping.Take(request);
        FoldWorld.Taker(catalog).Take(request.Clone()).Response.Should()
            .Be(turn.Response, "what is kept from turn to turn changes nothing");
        keeping.Keep(turn);
        Fold = turn.Fold;
        return turn.Response!;
    }

    /// <summary>Which action of ours stands for which recorded one; either may be missing.</summary>
    public List<(WorkflowAction? Recorded, WorkflowAction? Ours)> Pair(
        WorkflowRequest request, WorkflowResponse recorded, WorkflowResponse response)
    {
        var left = response.Actions.ToList();
        var pairs = new List<(WorkflowAction? Recorded, WorkflowAction? Ours)>();
        foreach (var action in recorded.Actions)
        {
            var mine = left.FirstOrDefault(candidate => candidate.KindCase == action.KindCase);
            if (mine is not null)
            {
                left.Remove(mine);
                ours[action.Id] = mine;
            }

            pairs.Add((action, mine));
        }

        added[request.Past.Count + request.Fresh.Count] = left;
        return [.. pairs, .. left.Select(action => ((WorkflowAction?)null, (WorkflowAction?)action))];
    }

    private WorkflowRequest Remake(WorkflowRequest recorded)
    {
        var request = recorded.Clone();
        request.Past.Clear();
        request.Fresh.Clear();
        for (var i = 0; i < recorded.Past.Count; i++)
        {
            request.Past.Add(Remake(recorded.Past[i]));
            foreach (var action in added.GetValueOrDefault(i + 1, [])) AddTo(request, action, recorded.Past[i]);
        }

        request.Fresh.AddRange(recorded.Fresh.Select(Remake));
        return request;
    }

    private static void AddTo(WorkflowRequest request, WorkflowAction action, HistoryEvent before)
    {
        if (action.CreateTimer is not { } timer) return;
        request.Past.Add(new HistoryEvent
        {
            EventId = action.Id,
            Timestamp = before.Timestamp,
            TimerCreated = new TimerCreated { Name = timer.Name, FireAt = timer.FireAt },
        });
    }

    private HistoryEvent Remake(HistoryEvent recorded)
    {
        var e = recorded.Clone();
        switch (e.KindCase)
        {
            case HistoryEvent.KindOneofCase.ExecutionStarted:
                e.ExecutionStarted.Input = input.Write();
                break;
            case HistoryEvent.KindOneofCase.TaskScheduled:
                e.EventId = ours[recorded.EventId].Id;
                e.TaskScheduled.Name = ours[recorded.EventId].ScheduleTask.Name;
                e.TaskScheduled.Input = ours[recorded.EventId].ScheduleTask.Input;
                break;
            case HistoryEvent.KindOneofCase.TimerCreated:
                e.EventId = ours[recorded.EventId].Id;
                e.TimerCreated.Name = ours[recorded.EventId].CreateTimer.Name;
                break;
            case HistoryEvent.KindOneofCase.TaskCompleted:
                var action = ours[recorded.TaskCompleted.TaskScheduledId];
                e.TaskCompleted.TaskScheduledId = action.Id;
                e.TaskCompleted.Result = Answered(action, recorded);
                break;
            case HistoryEvent.KindOneofCase.TaskFailed:
                e.TaskFailed.TaskScheduledId = ours[recorded.TaskFailed.TaskScheduledId].Id;
                break;
            case HistoryEvent.KindOneofCase.TimerFired:
                e.TimerFired.TimerId = ours[recorded.TimerFired.TimerId].Id;
                break;
            default:
                // It says nothing of the worker's own.
                break;
        }

        return e;
    }

    /// <summary>The recorded result was an HTTP status, as our answers have one.</summary>
    private static string Answered(WorkflowAction action, HistoryEvent recorded)
    {
        var status = JsonNode.Parse(recorded.TaskCompleted.Result)!["status"]!.GetValue<int>();
        return AnswerPayload.Write(
            CallPayload.Read(action.ScheduleTask.Input).Call,
            new Answer { Status = status, Output = JsonData.FromText("{}") },
            recorded.Timestamp.ToDateTimeOffset(),
            null);
    }
}
