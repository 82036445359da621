namespace Orchestrator.Engine.Committing;

/// <summary>
/// Starts and ends per minute of the last hour, since the process started. Safe for any number of threads.
/// </summary>
internal sealed class MinuteCounts
{
    private const int Minutes = 60;

    private readonly Lock gate = new();
    private readonly MinuteFigures?[] minutes = new MinuteFigures?[Minutes];
    private long first = long.MaxValue;

    /// <summary>Something started or ended.</summary>
    public void Add(DateTimeOffset now, long started, long completed, long compensated)
    {
        var number = NumberOf(now);
        lock (gate)
        {
            first = Math.Min(first, number);
            ref var slot = ref minutes[number % Minutes];
            var at = DateTimeOffset.UnixEpoch.AddMinutes(number);
            if (slot?.At != at) slot = new MinuteFigures(at, 0, 0, 0);
            slot = slot with
            {
                Started = slot.Started + started,
                Completed = slot.Completed + completed,
                Compensated = slot.Compensated + compensated,
            };
        }
    }

    /// <summary>
    /// The minutes up to now, oldest first: at most an hour, and none before the first that was counted.
    /// </summary>
    public IReadOnlyList<MinuteFigures> Read(DateTimeOffset now)
    {
        var number = NumberOf(now);
        lock (gate)
        {
            var found = new List<MinuteFigures>(Minutes);
            for (var minute = Math.Max(first, number - Minutes + 1); minute <= number; minute++)
            {
                var at = DateTimeOffset.UnixEpoch.AddMinutes(minute);
                found.Add(minutes[minute % Minutes] is { } kept && kept.At == at ? kept : new(at, 0, 0, 0));
            }

            return found;
        }
    }

    private static long NumberOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
