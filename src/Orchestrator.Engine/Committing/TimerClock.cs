namespace Orchestrator.Engine.Committing;

/// <summary>
/// One timer of the clock for the earliest of all sagas' timers. Armed by the commit loop; rings on any thread.
/// </summary>
internal sealed class TimerClock : IDisposable
{
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;

    public TimerClock(TimeProvider time, Action ring)
    {
        this.time = time;
        timer = time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref armedFor, long.MaxValue);
                ring();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings at the instant, or a little earlier when it is far away: then it is to be armed again.</summary>
    public void Arm(DateTimeOffset? earliestAt)
    {
        if (earliestAt is not { } at) return;
        var now = time.GetUtcNow();
        var rings = Math.Min(at.UtcTicks, (now + EngineLimits.LongestTimerNap).UtcTicks);
        // A timer that rings earlier anyway is left alone; that saves a change for nearly every commit.
        if (Volatile.Read(ref armedFor) <= rings) return;
        Volatile.Write(ref armedFor, rings);
        var wait = TimeSpan.FromTicks(Math.Max(rings - now.UtcTicks, TimeSpan.TicksPerMillisecond));
        timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public void Dispose() => timer.Dispose();
}
