namespace Orchestrator.Core.Definitions;

/// <summary>
/// Paths of the commands below a participant's address, unless a step names others. Source: docs/protocol.md section 5.
/// </summary>
public static class StepPaths
{
    /// <summary><c>/saga/{action}/do</c></summary>
    public static string Do(string action) => $"/saga/{action}/do";

    /// <summary><c>/saga/{action}/confirm</c></summary>
    public static string Confirm(string action) => $"/saga/{action}/confirm";

    /// <summary><c>/saga/{action}/undo</c></summary>
    public static string Undo(string action) => $"/saga/{action}/undo";

    /// <summary><c>/saga/{action}/extend</c></summary>
    public static string Extend(string action) => $"/saga/{action}/extend";
}
