namespace Orchestrator.Core.Definitions.Rules;

/// <summary>A value of the file and where it stands.</summary>
internal sealed record Place(int Line, string Path, DefinitionNode Value);
