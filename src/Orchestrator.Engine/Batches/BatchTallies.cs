using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>What this process has done of batches. Safe for any number of threads.</summary>
internal sealed class BatchTallies
{
    private readonly long[] fates = new long[Enum.GetValues<BatchFate>().Length];
    private int running;

    /// <summary>Figures of this moment.</summary>
    public BatchFigures Figures => new(
        Volatile.Read(ref running), Read(BatchFate.Accepted), Read(BatchFate.Refused), Read(BatchFate.Failed));

    /// <summary>So many batches go on.</summary>
    public void Running(int count) => Volatile.Write(ref running, count);

    /// <summary>So many sagas have this answer now.</summary>
    public void Add(BatchFate fate, int count) => Interlocked.Add(ref fates[(int)fate], count);

    private long Read(BatchFate fate) => Interlocked.Read(ref fates[(int)fate]);
}
