namespace Orchestrator.Tests;

/// <summary>The wall clock of a machine, which somebody sets; its timers do not care.</summary>
public sealed class SetClock(ManualTime machine) : TimeProvider
{
    /// <summary>By how much it was set.</summary>
    public TimeSpan SetBy { get; set; }

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + SetBy;

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);
}
