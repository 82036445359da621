using System.Buffers;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.History;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Relaying;

/// <summary>Tells the world that sagas start and end, where there is a broker. Nothing depends on it.</summary>
internal sealed class SagaFacts(IEnumerable<IEventPublisher> publishers, FactsBacklog backlog, Log log)
{
    private readonly bool isOn = publishers.Any();

    /// <summary>
    /// Adds the facts of a sealed batch to its commit, as far as there is room. Called by the commit loop.
    /// </summary>
    public void AddTo(TurnBatch batch)
    {
        if (!isOn) return;
        var room = backlog.Room;
        foreach (var fact in FactsOf(batch))
        {
            if (room-- > 0) batch.Commit.Outbox.Add(fact);
            else if (backlog.LeaveOut()) log.FactsLeftOut(backlog.Waiting);
        }
    }

    private static IEnumerable<OutboxRow> FactsOf(TurnBatch batch)
    {
        foreach (var turn in batch.Turns)
        {
            var saga = (StartedSaga)turn.State;
            if (turn.IsStart) yield return Started(saga);
            if (saga is Ended ended && turn.Saga.State is not Ended) yield return EndedFact(ended, batch.Now);
        }
    }

    private static OutboxRow Started(StartedSaga saga) => Fact(
        SagaEventTypes.Started, saga, saga.Start.At, json =>
        {
            json.WriteString("startedAt", Instants.Write(saga.Start.At));
            json.WriteString("expiresAt", Instants.Write(saga.ExpiresAt));
            json.WriteStartArray("participants");
            foreach (var participant in saga.Steps.Select(step => step.Definition.Participant).Distinct())
                json.WriteStringValue(participant);
            json.WriteEndArray();
        });

    private static OutboxRow EndedFact(Ended saga, DateTimeOffset now)
    {
        var summary = SagaSummaries.Of(saga);
        var isCompleted = saga.End.Outcome == SagaOutcome.Completed;
        var type = isCompleted ? SagaEventTypes.Completed : SagaEventTypes.Compensated;
        return Fact(type, saga, summary.EndedAt ?? now, json =>
        {
            json.WriteString("startedAt", Instants.Write(saga.Start.At));
            json.WriteString("endedAt", Instants.Write(summary.EndedAt ?? now));
            if (summary.Reason is not { } reason) return;
            json.WriteStartObject("reason");
            json.WriteString("code", reason.Code);
            // Anybody may listen to facts, and a participant may repeat what is secret in its words.
            if (saga.Definition.Secret.IsEmpty) json.WriteString("text", reason.Text);
            json.WriteEndObject();
        });
    }

    private static OutboxRow Fact(string type, StartedSaga saga, DateTimeOffset at, Action<Utf8JsonWriter> members)
    {
        var start = saga.Start;
        var id = $"{start.SagaId}/{type}";
        var data = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("id", start.SagaId);
            json.WriteString("definition", start.Definition);
            json.WriteNumber("definitionVersion", start.DefinitionVersion);
            if (start.BusinessKey is { } key) json.WriteString("businessKey", key);
            members(json);
            json.WriteEndObject();
        }

        using var writer = new StructuredEventWriter(type, id, "/sagas/" + start.Definition, at);
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaId), start.SagaId);
        if (type == SagaEventTypes.Started)
            writer.Add(SagaAttributes.Of(SagaHeaders.ExpiryTime), Instants.Write(start.ExpiresAt));
        writer.Add(SagaHeaders.TraceParent, start.TraceParent);
        var whole = writer.End(new JsonData(data.WrittenMemory));
        return new OutboxRow(id, SagaTopics.Facts, start.SagaId, type, whole, start.TraceParent, at);
    }
}
