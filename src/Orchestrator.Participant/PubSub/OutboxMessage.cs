namespace Orchestrator.Participant.PubSub;

/// <summary>
/// A row of the outbox: an event that was decided in the ledger's transaction and has to reach the broker.
/// </summary>
internal sealed class OutboxMessage
{
    /// <summary>The order of writing; the database gives it.</summary>
    public long Seq { get; init; }

    /// <summary>Id of the event, a UUID.</summary>
    public string Id { get; init; } = "";

    /// <summary>The topic.</summary>
    public string AggregateType { get; init; } = "";

    /// <summary>The saga: rows of one saga go out in their order.</summary>
    public string AggregateId { get; init; } = "";

    /// <summary>The event's type.</summary>
    public string Type { get; init; } = "";

    /// <summary>The whole event in the structured mode.</summary>
    public string Payload { get; init; } = "";

    /// <summary>Media type of the payload.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>W3C trace context, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public long OccurredAt { get; init; }

    /// <summary>How often it was taken to be sent, this time included.</summary>
    public int Attempts { get; init; }
}
