using System.Globalization;
using Orchestrator.Contract;

namespace Orchestrator.Core.History;

/// <summary>Names of timers; they follow from the fold alone, so a turn decided again sets the same ones.</summary>
public static class TimerNames
{
    /// <summary>The saga's expiry, as it was started with.</summary>
    public const string Deadline = "deadline";

    /// <summary>The saga's expiry after the extension of that number; 0 for none.</summary>
    public static string DeadlineAfter(int extension) => extension == 0
        ? Deadline
        : string.Create(CultureInfo.InvariantCulture, $"{Deadline}~{extension}");

    /// <summary>True for any of them.</summary>
    public static bool IsDeadline(string timer) =>
        timer == Deadline
        || (timer.StartsWith(Deadline + "~", StringComparison.Ordinal)
            && !timer.Contains('/', StringComparison.Ordinal));

    /// <summary>The end of the wait a call of a step is in.</summary>
    public static string Of(StepState step, CommandKind command) => Wait(
        step.Key, command, step.Of(command).Tally.Tries, command == CommandKind.Extend ? step.ExtendNumber : 0);

    /// <summary>The end of the wait after the given try (attempts and askings counted together) of a call.</summary>
    public static string Wait(string step, CommandKind command, int tries, int extension = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"{CallNames.Of(step, command, extension)}/{tries}");
}

/// <summary>Names of calls within a saga: <c>step/command</c>, the end of the CloudEvents id.</summary>
public static class CallNames
{
    /// <summary><c>charge/do</c>; <c>charge/extend-2</c> of the second extension.</summary>
    public static string Of(string step, CommandKind command, int extension = 0) => command switch
    {
        CommandKind.Do => step + "/do",
        CommandKind.Confirm => step + "/confirm",
        CommandKind.Undo => step + "/undo",
        CommandKind.Extend => string.Create(CultureInfo.InvariantCulture, $"{step}/extend-{extension}"),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };
}
