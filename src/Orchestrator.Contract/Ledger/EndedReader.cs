using Orchestrator.Contract.Events;

namespace Orchestrator.Contract.Ledger;

/// <summary>Checks a batch of endings (<c>saga.ended</c>). Pure; safe for any number of threads.</summary>
public static class EndedReader
{
    /// <summary>The first attribute that is missing or wrong; null when the event can be believed.</summary>
    /// <param name="header">Gives a header's value by its name, null when it is absent.</param>
    public static CommandReading.Malformed? Complaint(Func<string, string?> header) =>
        Complaint(new AttributeReader(header));

    /// <summary>The same for a structured event; its data is not looked at.</summary>
    public static CommandReading.Malformed? Complaint(StructuredEvent from) =>
        Complaint(new AttributeReader(name => from[SagaAttributes.Of(name)], isBinary: false));

    private static CommandReading.Malformed? Complaint(AttributeReader attributes)
    {
        attributes.CheckEnvelope(SagaEventTypes.Ended);
        attributes.Required(SagaHeaders.Id, WireLimits.EventId);
        attributes.RequiredInstant(SagaHeaders.Time);
        return attributes.Problem;
    }

    /// <summary>What is wrong with the batch's lines; null when nothing is.</summary>
    public static string? Complaint(IReadOnlyList<EndedSaga> ended)
    {
        if (ended.Count > WireLimits.EndedSagas)
            return $"A batch may name at most {WireLimits.EndedSagas} sagas; this one names {ended.Count}.";
        for (var index = 0; index < ended.Count; index++)
        {
            var saga = ended[index];
            if (saga?.SagaId is null || saga.SagaId.Length > WireLimits.SagaId || !LedgerKeys.IsPart(saga.SagaId))
                return $"The sagaId at $[{index}] is missing, too long, or has other characters than visible ASCII.";
            if (saga.Outcome is not (WireWords.Completed or WireWords.Compensated))
                return $"The outcome at $[{index}] must be completed or compensated.";
        }

        return null;
    }
}
