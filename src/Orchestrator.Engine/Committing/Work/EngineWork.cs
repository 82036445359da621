using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>
/// Something that wants to be part of a commit. The commit loop calls its methods, one at a time: <see cref="Add" />,
/// then exactly one of <see cref="Committed" /> and <see cref="Failed" />; after a Failed that answers true, Add again.
/// </summary>
internal abstract class EngineWork
{
    /// <summary>
    /// The highest number in the store that this refers to: every number a commit gives is above it, so that what is
    /// new in it can be told from what is not.
    /// </summary>
    public virtual long Knows => 0;

    /// <summary>The idempotency key to look up before this is added; null when it has none.</summary>
    public virtual StartKey? Key => null;

    /// <summary>
    /// Adds what is to be written. What it throws is a bug in what it decides, and refuses this work alone.
    /// </summary>
    public abstract void Add(TurnBatch batch, LiveSagas sagas);

    /// <summary>It is on disk.</summary>
    public virtual void Committed()
    {
    }

    /// <summary>Nothing was written, for a reason in the world. True: it must not be lost, try it again.</summary>
    public abstract bool Failed(string text);

    /// <summary>It can never be written, for a reason in the code; the exception is logged.</summary>
    public virtual void Broke(Exception exception) => Failed("The engine met an error of its own; it is in the log.");
}

/// <summary>Wakes the loop for a timer.</summary>
internal sealed class WakeWork : EngineWork
{
    public static readonly WakeWork Instance = new();

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
    }

    public override bool Failed(string text) => false;
}
