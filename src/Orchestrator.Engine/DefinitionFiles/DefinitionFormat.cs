namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>What a definition's file is written in.</summary>
public enum DefinitionFormat
{
    /// <summary>YAML 1.2; a file that begins with <c>{</c> is read as JSON all the same.</summary>
    Yaml,

    /// <summary>JSON.</summary>
    Json,
}
