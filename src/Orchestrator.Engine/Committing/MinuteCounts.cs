namespace Orchestrator.Engine.Committing;

/// <summary>Starts and ends per minute of the last hour. Safe for any number of threads.</summary>
internal sealed class MinuteCounts
{
    private const int Minutes = 60;

    private readonly Lock gate = new();
    private readonly MinuteFigures?[] minutes = new MinuteFigures?[Minutes];
    private long first = long.MaxValue;

    /// <summary>The first minute of the hour that ends with this instant's.</summary>
    public static DateTimeOffset FirstOf(DateTimeOffset now) => Beginning(NumberOf(now) - Minutes + 1);

    /// <summary>Something started or ended.</summary>
    public void Add(DateTimeOffset now, long started, long completed, long compensated)
    {
        var number = NumberOf(now);
        lock (gate)
        {
            first = Math.Min(first, number);
            var kept = KeptOf(number);
            minutes[number % Minutes] = kept with
            {
                Started = kept.Started + started,
                Completed = kept.Completed + completed,
                Compensated = kept.Compensated + compensated,
            };
        }
    }

    /// <summary>All minutes from that one to now are these; those that are not named had nothing.</summary>
    public void Set(DateTimeOffset from, DateTimeOffset now, IReadOnlyList<MinuteFigures> known)
    {
        lock (gate)
        {
            first = Math.Min(first, NumberOf(from));
            for (var minute = NumberOf(from); minute <= NumberOf(now); minute++)
                minutes[minute % Minutes] = new MinuteFigures(Beginning(minute), 0, 0, 0);
            foreach (var minute in known.Where(minute => minute.At >= from && minute.At <= now))
                minutes[NumberOf(minute.At) % Minutes] = minute;
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
                found.Add(KeptOf(minute));
            return found;
        }
    }

    private MinuteFigures KeptOf(long number)
    {
        var at = Beginning(number);
        return minutes[number % Minutes] is { } kept && kept.At == at ? kept : new MinuteFigures(at, 0, 0, 0);
    }

    private static DateTimeOffset Beginning(long number) => DateTimeOffset.UnixEpoch.AddMinutes(number);

    private static long NumberOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
