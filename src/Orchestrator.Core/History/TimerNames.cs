using System.Globalization;
using Orchestrator.Contract;

namespace Orchestrator.Core.History;

/// <summary>Names of timers; they follow from the fold alone, so a turn decided again sets the same ones.</summary>
public static class TimerNames
{
    /// <summary>The saga's expiry.</summary>
    public const string Deadline = "deadline";

    /// <summary>The end of the wait after the given try (attempts and askings counted together) of a call.</summary>
    public static string Wait(string step, CommandKind command, int tries) =>
        string.Create(CultureInfo.InvariantCulture, $"{CallNames.Of(step, command)}/{tries}");
}

/// <summary>Names of calls within a saga: <c>step/command</c>, the end of the CloudEvents id.</summary>
public static class CallNames
{
    /// <summary><c>charge/do</c>.</summary>
    public static string Of(string step, CommandKind command) => command switch
    {
        CommandKind.Do => step + "/do",
        CommandKind.Confirm => step + "/confirm",
        CommandKind.Undo => step + "/undo",
        CommandKind.Extend => step + "/extend",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };
}
