namespace Orchestrator.Participant.Watching;

/// <summary>
/// How many due rows are taken for a slice: about as many as the slices before had time for. A row that is taken and
/// left is read and locked for nothing. Safe for any number of threads.
/// </summary>
internal sealed class SliceSize(TimeSpan time)
{
    private int rows = ParticipantLimits.FewUndos;

    /// <summary>How long a slice may take.</summary>
    internal TimeSpan Time => time;

    internal int Rows => Volatile.Read(ref rows);

    /// <summary>A slice is through; it took that long.</summary>
    internal void Took(int undone, TimeSpan elapsed)
    {
        if (undone == 0) return;
        // Twice as many at most: the next rows may be slower ones.
        var fit = elapsed > TimeSpan.Zero ? Math.Min(2 * undone, undone * (time / elapsed)) : 2 * undone;
        Volatile.Write(ref rows, (int)Math.Clamp(fit, ParticipantLimits.FewUndos, ParticipantLimits.UndoBatch));
    }

    /// <summary>A slice failed: what made it fail is looked for among few.</summary>
    internal void Failed() => Volatile.Write(ref rows, ParticipantLimits.FewUndos);
}
