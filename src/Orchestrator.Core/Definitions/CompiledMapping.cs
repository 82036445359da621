using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions;

/// <summary>What came of compiling a mapping.</summary>
/// <param name="Mapping">The mapping; null when there are problems.</param>
/// <param name="Problems">All of them.</param>
/// <param name="Reads">
/// Every query over a step's output that could be read, with its place, also when other queries have problems.
/// </param>
public sealed record CompiledMapping(
    InputMapping? Mapping,
    ImmutableArray<DefinitionProblem> Problems,
    ImmutableArray<StepRead> Reads);

/// <summary>A query over a step's output.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Query">The query as it is written.</param>
/// <param name="Line">Its line, from 1; 0 when there is no file.</param>
/// <param name="Path">Its place in the definition.</param>
public sealed record StepRead(string Step, string Query, int Line, string Path);
