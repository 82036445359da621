namespace Orchestrator.Tests;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire inside <see cref="Advance" />, in the order they are due.
/// </summary>
public sealed class ManualTime(DateTimeOffset startsAt) : TimeProvider
{
    private readonly Lock guard = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = startsAt;

    public ManualTime()
        : this(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait.</summary>
    public int Waiting
    {
        get
        {
            lock (guard) return timers.Count;
        }
    }

    /// <summary>When the next timer fires; null when none waits.</summary>
    public DateTimeOffset? NextTimerAt
    {
        get
        {
            lock (guard) return timers.Count == 0 ? null : timers.Min(timer => timer.DueAt);
        }
    }

    /// <summary>How many timers fire at that instant, neither before nor after it.</summary>
    public int WaitingFor(DateTimeOffset at)
    {
        lock (guard) return timers.Count(timer => timer.DueAt == at);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var target = GetUtcNow() + by;
        while (true)
        {
            ManualTimer? next;
            lock (guard)
            {
                next = timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
                now = next is null ? target : next.DueAt > now ? next.DueAt : now;
                if (next is null) return;
                timers.Remove(next);
                if (next.Period > TimeSpan.Zero)
                {
                    next.DueAt = now + next.Period;
                    timers.Add(next);
                }
            }

            next.Fire();
        }
    }

    /// <summary>Moves the clock and fires nothing, as if the machine had slept.</summary>
    public void Jump(TimeSpan by)
    {
        lock (guard) now += by;
    }

    private sealed class ManualTimer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.guard)
            {
                owner.timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueAt = owner.now + dueTime;
                owner.timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner.guard) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
