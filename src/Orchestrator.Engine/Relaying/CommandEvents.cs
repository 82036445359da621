using System.Globalization;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Makes the events for a participant's topic: the attributes of the HTTP way in the structured mode.
/// </summary>
internal static class CommandEvents
{
    /// <summary>The command of a call.</summary>
    public static OutboxRow Of(ParticipantCall call, DateTimeOffset now)
    {
        var id = CommandRequests.IdOf(call);
        var type = SagaEventTypes.Of(call.Command);
        var trace = SagaTrace.ContextOf(call.SagaId, call.TraceParent);
        using var writer = new StructuredEventWriter(type, id, "/sagas/" + call.Definition, now);
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaId), call.SagaId);
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaStep), call.Step);
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaAction), call.Action);
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaKind), CommandRequests.KindOf(call.Kind));
        writer.Add(SagaAttributes.Of(SagaHeaders.SagaAttempt), call.Attempt);
        if (call.Kind == StepKind.Compensatable)
        {
            writer.Add(SagaAttributes.Of(SagaHeaders.ExpiryTime), Instants.Write(call.ExpiresAt));
            // More than the 32 bits of a CloudEvents integer, when a saga has a month.
            var remaining = Math.Max(0, (long)(call.ExpiresAt - now).TotalMilliseconds);
            writer.Add(SagaAttributes.Of(SagaHeaders.SagaRemaining), remaining.ToString(CultureInfo.InvariantCulture));
        }

        writer.Add(SagaHeaders.TraceParent, trace);
        return new OutboxRow(
            id, SagaTopics.Commands(call.Participant), call.SagaId, type, writer.End(call.Data), trace, now);
    }

    /// <summary>A batch of endings.</summary>
    public static OutboxRow Of(string participant, IReadOnlyList<EndingRow> endings, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString();
        using var writer = new StructuredEventWriter(SagaEventTypes.Ended, id, "/sagas", now);
        var data = new JsonData(JsonSerializer.SerializeToUtf8Bytes(
            endings.Select(ending => new EndedSaga(ending.SagaId, WordOf(ending.Outcome))).ToArray(),
            ContractJson.Default.EndedSagaArray));
        return new OutboxRow(
            id, SagaTopics.Commands(participant), endings[0].SagaId, SagaEventTypes.Ended, writer.End(data), null, now);
    }

    private static string WordOf(SagaOutcome outcome) => outcome switch
    {
        SagaOutcome.Completed => WireWords.Completed,
        SagaOutcome.Compensated => WireWords.Compensated,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown outcome {outcome}."),
    };
}
