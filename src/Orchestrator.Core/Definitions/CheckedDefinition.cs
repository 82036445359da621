namespace Orchestrator.Core.Definitions;

/// <summary>What came of checking a definition.</summary>
/// <param name="Definition">The definition, with version 0; null when there are problems.</param>
/// <param name="Problems">All of them, by line; at most <see cref="DefinitionLimits.Problems" />.</param>
public sealed record CheckedDefinition(SagaDefinition? Definition, IReadOnlyList<DefinitionProblem> Problems);
