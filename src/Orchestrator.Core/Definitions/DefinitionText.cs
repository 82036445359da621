namespace Orchestrator.Core.Definitions;

/// <summary>What became of reading a text: its values, or why there are none.</summary>
/// <param name="Root">The outermost value; null when the text could not be read to its end.</param>
/// <param name="Problems">
/// Without a root exactly one; with a root those that do not keep the rest from being checked, such as a name that is
/// written twice.
/// </param>
public sealed record DefinitionText(DefinitionNode? Root, IReadOnlyList<DefinitionProblem> Problems)
{
    /// <summary>A text that could not be read.</summary>
    public static DefinitionText Unreadable(int line, string message) => new(null, [new(line, "", message)]);
}
