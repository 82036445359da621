namespace Orchestrator.Core.Definitions;

/// <summary>What came of checking a definition.</summary>
/// <param name="Definition">The definition, with version 0; null when there are problems.</param>
/// <param name="Problems">All of them, by line; at most <see cref="DefinitionLimits.Problems" />.</param>
public sealed record CheckedDefinition(SagaDefinition? Definition, IReadOnlyList<DefinitionProblem> Problems)
{
    /// <summary>The line each participant stands on, for what only the registry knows to be wrong with it.</summary>
    public IReadOnlyDictionary<string, int> ParticipantLines { get; init; } = new Dictionary<string, int>();
}

/// <summary>What came of checking a participant on its own.</summary>
/// <param name="Participant">The participant; null when there are problems.</param>
/// <param name="Problems">All of them.</param>
public sealed record CheckedParticipant(ParticipantDefinition? Participant, IReadOnlyList<DefinitionProblem> Problems);
