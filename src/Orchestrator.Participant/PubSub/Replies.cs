using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Http;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.PubSub;

/// <summary>
/// Makes the event that answers a command which came over the broker: the same body, the same state, the same ledger.
/// </summary>
internal sealed class Replies(SagaLedger ledger, ParticipantClock clock, SubscriptionSettings settings)
{
    /// <summary>True when the command says whom to answer: what it lacks otherwise is told in the answer.</summary>
    internal static bool CanAnswer(StructuredEvent command) =>
        IsPart(command[SagaAttributes.Of(SagaHeaders.SagaId)], WireLimits.SagaId)
        && IsPart(command[SagaAttributes.Of(SagaHeaders.SagaStep)], WireLimits.Step)
        && command[SagaAttributes.Of(SagaHeaders.Id)] is { Length: > 0 and <= WireLimits.EventId };

    /// <summary>The row of the outbox that answers a command.</summary>
    internal OutboxMessage To(StructuredEvent command, LedgerAnswer answer, string? attribute = null)
    {
        var now = clock.Now();
        var id = Guid.CreateVersion7(now).ToString();
        var sagaId = command[SagaAttributes.Of(SagaHeaders.SagaId)]!;
        var trace = command[SagaHeaders.TraceParent];
        var body = AnswerBody.Of(answer, attribute);
        using var reply = new StructuredEventWriter(
            SagaEventTypes.Replied, id, "/participants/" + settings.Participant, now);
        reply.Add(SagaAttributes.Of(SagaHeaders.SagaId), sagaId);
        reply.Add(SagaAttributes.Of(SagaHeaders.SagaStep), command[SagaAttributes.Of(SagaHeaders.SagaStep)]);
        reply.Add(SagaAttributes.SagaCommand, command[SagaAttributes.Of(SagaHeaders.Id)]);
        var tries = command[SagaAttributes.Of(SagaHeaders.SagaAttempt)];
        if (int.TryParse(tries, CultureInfo.InvariantCulture, out var attempt))
            reply.Add(SagaAttributes.Of(SagaHeaders.SagaAttempt), attempt);
        reply.Add(SagaAttributes.SagaStatus, answer.Status);
        reply.Add(SagaAttributes.SagaState, WireWords.Of(answer.State));
        reply.Add(SagaAttributes.SagaLedger, ledger.LedgerId.ToString());
        reply.Add(SagaHeaders.TraceParent, trace);
        return new OutboxMessage
        {
            Id = id,
            AggregateType = SagaTopics.Replies,
            AggregateId = sagaId,
            Type = SagaEventTypes.Replied,
            Payload = reply.End(body.Data, body.ContentType).ToString(),
            ContentType = StructuredEventWriter.MediaType,
            TraceParent = trace is { Length: <= WireLimits.TraceParent } ? trace : null,
            OccurredAt = now.ToUnixTimeMilliseconds(),
        };
    }

    private static bool IsPart(string? value, int longest) =>
        value is not null && value.Length <= longest && LedgerKeys.IsPart(value);
}
