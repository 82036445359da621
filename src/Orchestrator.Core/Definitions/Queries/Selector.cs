namespace Orchestrator.Core.Definitions.Queries;

/// <summary>One step of a query: a member's name, or when that is null an index, negative from the end.</summary>
internal readonly record struct Selector(string? Name, long Index);
