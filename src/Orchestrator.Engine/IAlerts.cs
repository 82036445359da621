using System.Collections.Immutable;

namespace Orchestrator.Engine;

/// <summary>Who is told when a saga wants a person, and whether that arrives. Safe for any number of threads.</summary>
public interface IAlerts
{
    /// <summary>Whom; empty when nobody is told.</summary>
    ImmutableArray<AlertTarget> Targets { get; }

    /// <summary>
    /// How far each of them was told. Throws <see cref="Ports.StoreUnavailableException" />.
    /// </summary>
    Task<IReadOnlyList<AlertStanding>> ReadAsync(CancellationToken cancel);

    /// <summary>Sends each of them a test now, past everything that waits, and answers what became of it.</summary>
    Task<IReadOnlyList<AlertDelivery>> TestAsync(string actor, CancellationToken cancel);
}

/// <summary>How far a target was told.</summary>
/// <param name="Target">Which.</param>
/// <param name="DeliveredAt">When it last took something; null when it never did.</param>
/// <param name="FailedAt">Since when nothing arrives; null while it does.</param>
/// <param name="Error">Why nothing arrives, in a sentence; null while it does.</param>
/// <param name="Waiting">How many alerts and clearances it has not taken.</param>
public sealed record AlertStanding(
    AlertTarget Target, DateTimeOffset? DeliveredAt, DateTimeOffset? FailedAt, string? Error, long Waiting);

/// <summary>What became of one message to a target.</summary>
/// <param name="Target">To whom.</param>
/// <param name="Delivered">True when it was taken.</param>
/// <param name="Status">The HTTP status of the answer; null when there was none.</param>
/// <param name="Text">The same in a sentence.</param>
public sealed record AlertDelivery(AlertTarget Target, bool Delivered, int? Status, string Text);
