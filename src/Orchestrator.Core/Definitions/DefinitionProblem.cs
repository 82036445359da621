namespace Orchestrator.Core.Definitions;

/// <summary>One thing that is wrong with a definition. Several are reported at once.</summary>
/// <param name="Line">Line of the file, from 1; 0 when there is no file.</param>
/// <param name="Path">The place as <c>steps[1].input.amount</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what to write instead, as a sentence.</param>
public sealed record DefinitionProblem(int Line, string Path, string Message);
