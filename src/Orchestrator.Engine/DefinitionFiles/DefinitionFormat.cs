namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>What a definition's file is written in.</summary>
public enum DefinitionFormat
{
    /// <summary>Nobody says: JSON when it begins with <c>{</c>, else YAML.</summary>
    Unsaid,

    /// <summary>YAML 1.2, also when it begins with <c>{</c>.</summary>
    Yaml,

    /// <summary>JSON.</summary>
    Json,
}
