using Orchestrator.Contract;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Counts the facts of sagas that wait for the broker, so that they stop growing at their limit. Only what is written
/// and what was sent in this moment may be missing from the count. Safe for any number of threads.
/// </summary>
internal sealed class FactsBacklog(EngineOptions options)
{
    private long waiting;
    private long leftOut;

    /// <summary>Facts that wait.</summary>
    public long Waiting => Interlocked.Read(ref waiting);

    /// <summary>Facts that were left out since the start of the process.</summary>
    public long LeftOut => Interlocked.Read(ref leftOut);

    /// <summary>How many more may be written.</summary>
    public long Room => options.MaxFactsWaiting - Waiting;

    /// <summary>So many wait in the store.</summary>
    public void Load(long stored) => Interlocked.Exchange(ref waiting, stored);

    /// <summary>The facts among these rows are on disk.</summary>
    public void Written(IReadOnlyList<OutboxRow> rows) => Interlocked.Add(ref waiting, rows.Count(IsFact));

    /// <summary>The facts among these rows are gone.</summary>
    public void Sent(IEnumerable<OutboxRow> rows) => Interlocked.Add(ref waiting, -rows.Count(IsFact));

    /// <summary>One is not written, because too many wait.</summary>
    /// <returns>True for the first one.</returns>
    public bool LeaveOut() => Interlocked.Increment(ref leftOut) == 1;

    private static bool IsFact(OutboxRow row) => row.Topic == SagaTopics.Facts;
}
