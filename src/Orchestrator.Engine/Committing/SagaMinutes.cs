using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>See <see cref="ISagaMinutes" />.</summary>
internal sealed class SagaMinutes(ISagaQueries queries, EngineHealth health, Lease lease, TimeProvider time)
    : ISagaMinutes
{
    // So long after a minute a commit may still bring something of it.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    private DateTimeOffset readAt = DateTimeOffset.MinValue;

    /// <inheritdoc />
    public async Task<IReadOnlyList<MinuteFigures>> ReadAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // What the other engines do is in the store alone.
        if (lease.IsShared)
        {
            var hour = MinuteCounts.FirstOf(now);
            var unsettled = readAt == DateTimeOffset.MinValue ? hour : readAt - Settled;
            var from = unsettled > hour ? unsettled.AddTicks(-(unsettled.Ticks % TimeSpan.TicksPerMinute)) : hour;
            health.Minutes.Set(from, now, await queries.CountMinutesAsync(from, cancel));
            readAt = now;
        }

        return health.Minutes.Read(now);
    }

    /// <summary>
    /// Reads what was before this process, or before the store could be written again, while nothing is counted.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var from = MinuteCounts.FirstOf(now);
        health.Minutes.Set(from, now, await queries.CountMinutesAsync(from, cancel));
    }
}
