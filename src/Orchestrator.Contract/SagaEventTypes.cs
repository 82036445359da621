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

    /// <summary>The type of a command.</summary>
    public static string Of(CommandKind command) => command switch
    {
        CommandKind.Do => Do,
        CommandKind.Confirm => Confirm,
        CommandKind.Undo => Undo,
        CommandKind.Extend => Extend,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };
}
