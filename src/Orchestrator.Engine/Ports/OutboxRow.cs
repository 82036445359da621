using Orchestrator.Contract;

namespace Orchestrator.Engine.Ports;

/// <summary>An event that has to reach the broker; stored before it is sent. Immutable.</summary>
/// <param name="Id">
/// Id of the event. A row of the same id that still waits is replaced: a later attempt of the same command.
/// </param>
/// <param name="Topic">Where it goes.</param>
/// <param name="SagaId">Rows of one saga and topic go out in the order they were written.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Event">The whole event in the structured mode.</param>
/// <param name="TraceParent">W3C trace context, or null.</param>
/// <param name="OccurredAt">When it was decided.</param>
public sealed record OutboxRow(
    string Id, string Topic, string SagaId, string Type, JsonData Event, string? TraceParent,
    DateTimeOffset OccurredAt);

/// <summary>A row of the outbox as it waits.</summary>
/// <param name="Seq">Its place in the order of writing.</param>
/// <param name="Row">The event.</param>
public sealed record WaitingEvent(long Seq, OutboxRow Row);
