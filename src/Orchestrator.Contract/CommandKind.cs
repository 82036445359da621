namespace Orchestrator.Contract;

/// <summary>The commands that name one step of one saga. <c>end</c> is none of them: it comes in batches.</summary>
public enum CommandKind
{
    /// <summary>Run the step's action.</summary>
    Do,

    /// <summary>Keep what was done: from now on only the orchestrator may undo it.</summary>
    Confirm,

    /// <summary>Undo what was done, and bar a <c>do</c> that comes later.</summary>
    Undo,

    /// <summary>Hold on longer.</summary>
    Extend,
}
