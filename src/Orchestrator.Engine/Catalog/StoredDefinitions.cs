using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Engine.Catalog;

/// <summary>Reads definitions back from their canonical text.</summary>
internal static class StoredDefinitions
{
    /// <summary>
    /// The definition, with version 0. What was stored was checked; a text that fails now is damaged or newer.
    /// </summary>
    public static SagaDefinition Read(JsonData body)
    {
        var text = JsonDefinitionText.Read(body.Utf8.Span);
        var problems = text.Problems;
        if (text.Root is { } root)
        {
            var read = DefinitionRules.Check(root);
            if (read.Definition is { } definition) return definition;
            problems = read.Problems;
        }

        throw new FormatException(
            $"A stored definition cannot be read: {string.Join(' ', problems.Select(problem => problem.Message))} A "
            + "newer version "
            + "wrote it, or it is damaged: run that version, or put back a backup.");
    }
}
