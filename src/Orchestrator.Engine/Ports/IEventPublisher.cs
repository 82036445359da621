namespace Orchestrator.Engine.Ports;

/// <summary>
/// Brings events to the broker. Added only where there is one: without it participants are called directly and no facts
/// are told. Safe for any number of threads.
/// </summary>
public interface IEventPublisher
{
    /// <summary>
    /// Publishes one event and answers what became of it; the same event may be published again. Throws only
    /// <see cref="OperationCanceledException" />, and only when <paramref name="cancel" /> asks for it.
    /// </summary>
    Task<Published> PublishAsync(OutboxRow row, CancellationToken cancel);
}

/// <summary>What became of an event, and in words why.</summary>
public sealed record Published(PublishFate Fate, string Text);

/// <summary>What became of an event.</summary>
public enum PublishFate
{
    /// <summary>The broker has it.</summary>
    Accepted,

    /// <summary>This event or its topic was turned away; others may pass.</summary>
    Refused,

    /// <summary>Nothing passes now.</summary>
    Unreachable,

    /// <summary>
    /// Nothing passes until somebody changes the configuration; the words beside it say what to change.
    /// </summary>
    NotConfigured,
}
