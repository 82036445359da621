using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// A saga of ours that does what the recorded worker did in a conversation, as far as a saga can; its instants are
/// taken from the conversation.
/// </summary>
/// <param name="Definition">Its steps are named after the recorded actions.</param>
/// <param name="Input">What its instance is started with, given the id and the recorded turns.</param>
internal sealed record RemadeSaga(
    SagaDefinition Definition, Func<SagaDefinition, string, IReadOnlyList<WorkflowRequest>, InstanceInput> Input)
{
    private static readonly Answer Done = new() { Status = 200, Output = JsonData.FromText("{}") };

    /// <summary>The saga for a conversation.</summary>
    public static RemadeSaga For(string conversation) => conversation switch
    {
        "deadline" => new(Of("slow"), (definition, id, turns) => InstanceInput.Of(
            Start(definition, id, turns, Recorded(turns, e => e.TimerFired?.FireAt.ToDateTimeOffset())))),
        // It calls in parallel, as only confirms of ours do: two steps are done before, the third has no confirm.
        "happy" or "dup" or "reconnect" => new(
            Of("inventory", "payment", "order:unarmed") with { Output = TestDefinitions.Mapping("""{"ok":true}""") },
            (definition, id, turns) => Played(
                Start(definition, id, turns, Recorded(turns, e => e.TimerCreated?.FireAt.ToDateTimeOffset())),
                definition,
                Answered("inventory", CommandKind.Do, Done),
                Answered("payment", CommandKind.Do, Done))),
        // A failed instance of ours is one that carries another saga's history.
        "endfailed" => new(Of("a"), (definition, _, turns) => InstanceInput.Of(Start(definition, "another", turns))),
        // It waits with nothing under way: so does an undo that was not acknowledged.
        "event" or "grpc" => new(Of("wait"), (definition, id, turns) => Waiting(
            Played(
                Start(definition, id, turns),
                definition,
                Answered("wait", CommandKind.Do, new Answer { Status = 400 }),
                Answered("wait", CommandKind.Undo, new Answer { Status = 503 })),
            Recorded(turns, e => e.TimerCreated?.FireAt.ToDateTimeOffset()))),
        // It undoes when a call broke: ours does so when the expiry has passed by then.
        "failed" => new(Of("fail"), (definition, id, turns) => InstanceInput.Of(Start(
            definition,
            id,
            turns,
            Recorded(turns, e => e.TaskFailed is null ? null : e.Timestamp.ToDateTimeOffset())))),
        // It undoes while it is suspended: so does ours when the expiry has passed by then.
        "suspsched" => new(Of("slow"), (definition, id, turns) => InstanceInput.Of(Start(
            definition, id, turns, Recorded(turns, e => e.Suspended is null ? null : e.Timestamp.ToDateTimeOffset())))),
        "suspend" or "terminate" or "termcan" => new(
            Of("slow"), (definition, id, turns) => InstanceInput.Of(Start(definition, id, turns))),
        _ => throw new ArgumentException($"What does the saga of {conversation} do?", nameof(conversation)),
    };

    /// <summary>Each step's data is what the recorded call was given.</summary>
    private static SagaDefinition Of(params string[] steps)
    {
        var definition = TestDefinitions.Of(steps);
        foreach (var name in definition.Steps.Select(step => step.Name))
            definition = definition.With(
                name, name is "order" or "inventory" or "payment" ? $$"""{"step":"{{name}}"}""" : "{}");
        return definition with { Name = "place-order" };
    }

    private static SagaStarted Start(
        SagaDefinition definition, string id, IReadOnlyList<WorkflowRequest> turns, DateTimeOffset? expiresAt = null)
    {
        var at = Recorded(turns, e => e.ExecutionStarted is null ? null : e.Timestamp.ToDateTimeOffset());
        return new SagaStarted
        {
            At = at,
            SagaId = id,
            Definition = definition.Name,
            DefinitionVersion = definition.Version,
            Input = JsonData.FromText("""{"sku":"A1"}"""),
            ExpiresAt = expiresAt ?? at + definition.Deadline,
        };
    }

    private static DateTimeOffset Recorded(
        IReadOnlyList<WorkflowRequest> turns, Func<HistoryEvent, DateTimeOffset?> instant) => Instants.ToMilliseconds(
            turns.SelectMany(turn => turn.Past.Concat(turn.Fresh)).Select(instant).First(at => at is not null)!.Value);

    private static Func<DateTimeOffset, CallAnswered> Answered(string step, CommandKind command, Answer answer) =>
        at => new CallAnswered { At = at, Step = step, Command = command, Attempt = 1, Answer = answer };

    /// <summary>The history of a saga that has come a part of its way already.</summary>
    private static InstanceInput Played(
        SagaStarted start, SagaDefinition definition, params Func<DateTimeOffset, CallAnswered>[] answers)
    {
        var events = new List<SagaEvent>();
        var state = SagaTurn.Take(SagaDecider.Before(definition), start, events);
        foreach (var answer in answers) state = SagaTurn.Take(state, answer(start.At), events);
        return new InstanceInput(events.Count, [.. events.Select((e, seq) => new RecordedEvent(seq, e))]);
    }

    /// <summary>Its last timer is due at the recorded instant.</summary>
    private static InstanceInput Waiting(InstanceInput input, DateTimeOffset dueAt) => input with
    {
        Events = input.Events.SetItem(
            input.Events.Length - 1,
            input.Events[^1] with { Event = ((TimerSet)input.Events[^1].Event) with { DueAt = dueAt } }),
    };
}
