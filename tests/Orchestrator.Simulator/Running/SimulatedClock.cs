namespace Orchestrator.Simulator.Running;

/// <summary>What a machine's clock shows: wrong by an offset that can jump, and too fast or too slow.</summary>
internal sealed class ClockFace(TimeSpan offset, double drift)
{
    /// <summary>How wrong it is.</summary>
    public TimeSpan Offset { get; set; } = offset;

    /// <summary>0.01: a hundredth too fast.</summary>
    public double Drift { get; set; } = drift;
}

/// <summary>The time as one process sees it. Timers run by the machine's own pace and do not feel jumps.</summary>
internal sealed class SimulatedClock(Agenda agenda, ClockFace face, SimulatedProcess process) : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Beginning + Pace() + face.Offset;

    /// <inheritdoc />
    public override long GetTimestamp() => Pace().Ticks;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Pace() => agenda.Now * (1 + face.Drift);

    private sealed class Timer(SimulatedClock clock, Action ring) : ITimer
    {
        private Agenda.Entry? next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
                throw new NotSupportedException("Nothing in the product asks for a timer that rings again.");
            next?.Cancel();
            next = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Ring(dueTime, ring);
            return true;
        }

        public void Dispose() => next?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private Agenda.Entry Ring(TimeSpan dueTime, Action ring) =>
        agenda.After(dueTime / (1 + face.Drift), process, ring);
}
