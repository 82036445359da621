using Orchestrator.Contract.Events;

namespace Orchestrator.Contract.Ledger;

/// <summary>
/// Reads a command from a CloudEvent in HTTP binary mode or in the structured mode. Pure; safe for any number of
/// threads.
/// </summary>
public static class CommandReader
{
    /// <summary>Reads and checks every attribute; the first one that is missing or wrong is named.</summary>
    /// <param name="expected">The command that the endpoint stands for.</param>
    /// <param name="action">The action that the endpoint stands for.</param>
    /// <param name="header">Gives a header's value by its name (names in lower case), null when it is absent.</param>
    /// <param name="receivedAt">When the command arrived, by the participant's clock.</param>
    public static CommandReading Read(
        CommandKind expected, string action, Func<string, string?> header, DateTimeOffset receivedAt) =>
        Read(expected, action, new AttributeReader(header), receivedAt);

    /// <summary>The same for a structured event; its data is not looked at.</summary>
    /// <param name="expected">The command that the event's type names.</param>
    /// <param name="action">The action that the event is for.</param>
    /// <param name="from">The event.</param>
    /// <param name="receivedAt">When the command arrived, by the participant's clock.</param>
    public static CommandReading Read(
        CommandKind expected, string action, StructuredEvent from, DateTimeOffset receivedAt) =>
        Read(expected, action, new AttributeReader(name => from[SagaAttributes.Of(name)], isBinary: false), receivedAt);

    private static CommandReading Read(
        CommandKind expected, string action, AttributeReader attributes, DateTimeOffset receivedAt)
    {
        attributes.CheckEnvelope(SagaEventTypes.Of(expected));
        var kind = attributes.Kind();
        var expiresAt = ArmedExpiry(attributes, expected, kind, receivedAt);
        var command = new LedgerCommand
        {
            Kind = expected,
            EventId = attributes.Required(SagaHeaders.Id, WireLimits.EventId),
            SagaId = attributes.Key(SagaHeaders.SagaId, WireLimits.SagaId),
            Step = attributes.Key(SagaHeaders.SagaStep, WireLimits.Step),
            Action = attributes.Action(action),
            StepKind = kind,
            SentAt = attributes.RequiredInstant(SagaHeaders.Time),
            ExpiresAt = expiresAt,
            TraceParent = attributes.TraceParent(),
            Attempt = (int)(attributes.WholeNumber(SagaHeaders.SagaAttempt, 1, int.MaxValue) ?? 1),
        };
        return attributes.Problem is { } problem ? problem : new CommandReading.Readable(command);
    }

    private static DateTimeOffset? ArmedExpiry(
        AttributeReader attributes, CommandKind expected, WireKind kind, DateTimeOffset receivedAt)
    {
        var limit = (long)WireLimits.Remaining.TotalMilliseconds;
        var expiry = attributes.OptionalInstant(SagaHeaders.ExpiryTime);
        // A command that was sent late has less than nothing left: that is an answer, not an error.
        var remaining = attributes.WholeNumber(SagaHeaders.SagaRemaining, -limit, limit);
        if (expected == CommandKind.Do && kind != WireKind.Compensatable) return null;
        if (expiry is null)
        {
            if (expected is CommandKind.Do or CommandKind.Extend)
                attributes.Refuse(SagaHeaders.ExpiryTime,
                    "is missing. A compensatable step is held until its expiry. If the step is defined with "
                    + "confirm: none, take that away: this participant keeps a ledger.");
            return null;
        }

        var armed = remaining is { } left && receivedAt.AddMilliseconds(left) < expiry
            ? receivedAt.AddMilliseconds(left) : expiry.Value;
        return Instants.ToMilliseconds(armed);
    }
}
