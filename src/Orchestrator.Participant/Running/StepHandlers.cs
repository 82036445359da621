using Orchestrator.Contract;

namespace Orchestrator.Participant.Running;

/// <summary>The handlers of one action, with JSON on the outside.</summary>
internal abstract class StepHandlers(string action)
{
    internal string Action { get; } = action;

    internal abstract bool CanUndo { get; }

    internal abstract bool CanUndoMany { get; }

    internal abstract bool HasConfirm { get; }

    internal abstract bool HasEnd { get; }

    internal abstract Task<DoAnswer> DoAsync(CallFrame frame, JsonData data, CancellationToken cancel);

    internal abstract Task UndoAsync(CallFrame frame, JsonData data, JsonData output, CancellationToken cancel);

    internal abstract Task UndoManyAsync(IReadOnlyList<UndoInput> undos, CancellationToken cancel);

    internal abstract Task ConfirmAsync(CallFrame frame, JsonData data, JsonData output, CancellationToken cancel);

    internal abstract Task EndAsync(
        CallFrame frame, JsonData data, JsonData output, string outcome, CancellationToken cancel);
}

/// <summary>What the undo of one step gets.</summary>
internal sealed record UndoInput(CallFrame Frame, JsonData Data, JsonData Output);

/// <summary>What became of a <c>do</c>: a closed set.</summary>
internal abstract record DoAnswer
{
    private DoAnswer()
    {
    }

    internal sealed record Done(JsonData Output) : DoAnswer;

    internal sealed record Refused(string Text) : DoAnswer;

    /// <summary>The data does not fit the type the action takes.</summary>
    internal sealed record Unreadable(string Text) : DoAnswer;
}
