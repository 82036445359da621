namespace Orchestrator.Contract;

/// <summary>Values of the CloudEvents attribute <c>type</c>. Source: docs/protocol.md section 5.</summary>
public static class SagaEventTypes
{
    /// <summary>Run the action.</summary>
    public const string Do = "saga.step.do";

    /// <summary>Keep it.</summary>
    public const string Confirm = "saga.step.confirm";

    /// <summary>Undo it.</summary>
    public const string Undo = "saga.step.undo";

    /// <summary>Hold on longer.</summary>
    public const string Extend = "saga.step.extend";

    /// <summary>A batch of sagas that have ended.</summary>
    public const string Ended = "saga.ended";

    /// <summary>The answer to a command that came over a broker.</summary>
    public const string Replied = "saga.step.replied";

    /// <summary>A fact: a saga has started.</summary>
    public const string Started = "saga.started";

    /// <summary>A fact: a saga has completed.</summary>
    public const string Completed = "saga.completed";

    /// <summary>A fact: a saga has been compensated.</summary>
    public const string Compensated = "saga.compensated";

    /// <summary>The type of a command.</summary>
    public static string Of(CommandKind command) => command switch
    {
        CommandKind.Do => Do,
        CommandKind.Confirm => Confirm,
        CommandKind.Undo => Undo,
        CommandKind.Extend => Extend,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };

    /// <summary>Reads the type of a command; false when it is none.</summary>
    public static bool TryRead(string? type, out CommandKind command)
    {
        CommandKind? found = type switch
        {
            Do => CommandKind.Do,
            Confirm => CommandKind.Confirm,
            Undo => CommandKind.Undo,
            Extend => CommandKind.Extend,
            _ => null,
        };
        command = found ?? CommandKind.Do;
        return found is not null;
    }
}
