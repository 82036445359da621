namespace Orchestrator.Core.Definitions;

/// <summary>
/// Every property a definition's file may have; all others are problems. docs/definition.schema.json says the same.
/// </summary>
public static class DefinitionProperties
{
    /// <summary>Of the file. <c>$schema</c> is for editors and not read.</summary>
    public static IReadOnlyList<string> Definition { get; } =
        ["name", "deadline", "maxDeadline", "guard", "retry", "participants", "steps", "output", "secret", "$schema"];

    /// <summary>Of <c>retry</c>, in the definition and in a step.</summary>
    public static IReadOnlyList<string> Retry { get; } = ["first", "factor", "longest", "attempts", "timeout"];

    /// <summary>Of a participant.</summary>
    public static IReadOnlyList<string> Participant { get; } = ["url", "app", "via"];

    /// <summary>Of a step.</summary>
    public static IReadOnlyList<string> Step { get; } =
        ["name", "participant", "action", "kind", "input", "do", "confirm", "undo", "retry"];
}
