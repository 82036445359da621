namespace Orchestrator.Contract.Ledger;

/// <summary>How long a participant waits between the tries of an undo that throws. It never gives up.</summary>
public static class UndoBackoff
{
    private const int Doublings = 6;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two tries.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The pause after try 1, 2, 3 ...: 1 s, 2 s, 4 s, up to one minute.</summary>
    public static TimeSpan After(int attempts)
    {
        var pause = First * (1 << Math.Clamp(attempts - 1, 0, Doublings));
        return pause < Longest ? pause : Longest;
    }
}
