using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// A named, versioned, immutable list of steps. Made by the definition reader, never by hand outside tests.
/// </summary>
public sealed record SagaDefinition
{
    /// <summary>Name, the path segment it is started under.</summary>
    public required string Name { get; init; }

    /// <summary>1, 2, 3 ...; 0 while it is not stored.</summary>
    public required int Version { get; init; }

    /// <summary>From the start to the expiry, when the start names none.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>The longest deadline a start may ask for; never shorter than <see cref="Deadline" />.</summary>
    public required TimeSpan MaxDeadline { get; init; }

    /// <summary>Confirming starts no later than this before the expiry.</summary>
    public required TimeSpan Guard { get; init; }

    /// <summary>The participants its steps name.</summary>
    public required ImmutableArray<ParticipantDefinition> Participants { get; init; }

    /// <summary>The steps in order: compensatable and unarmed ones, at most one pivot, retriable ones.</summary>
    public required ImmutableArray<StepDefinition> Steps { get; init; }

    /// <summary>What the finished saga shows as its output; null when the definition names none.</summary>
    public required InputMapping? Output { get; init; }

    /// <summary>
    /// Queries of what only operators see of inputs and outputs, as they are written; see <see cref="SecretFields" />.
    /// </summary>
    public ImmutableArray<string> Secret { get; init; } = [];
}
