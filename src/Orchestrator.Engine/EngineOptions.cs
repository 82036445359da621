namespace Orchestrator.Engine;

/// <summary>Options every engine has.</summary>
public sealed record EngineOptions
{
    /// <summary>How long a completed saga stays readable after its end; at least a minute. Default 7 days.</summary>
    public TimeSpan RetainCompleted { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a compensated saga stays readable after its end; at least a minute. Default 7 days.</summary>
    public TimeSpan RetainCompensated { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long the audit list keeps an entry, and a batch stays readable after its end; at least a minute. Default 90
    /// days.
    /// </summary>
    public TimeSpan RetainAudit { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Time between two looks for sagas to purge; at least a second. Default 1 minute.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many facts of sagas may wait for the broker, at least 1; later ones are left out and counted. Default
    /// <see cref="EngineLimits.MaxFactsWaiting" />.
    /// </summary>
    public int MaxFactsWaiting { get; init; } = EngineLimits.MaxFactsWaiting;

    /// <summary>
    /// Where several engines share a store: within so long the sagas of one that died go on with another; at least a
    /// second. Default 10 seconds.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whom to tell when a saga wants a person; by default nobody.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>Throws <see cref="ArgumentException" /> with a sentence that names the wrong option.</summary>
    internal void Validate()
    {
        AtLeast(RetainCompleted, TimeSpan.FromMinutes(1), nameof(RetainCompleted));
        AtLeast(RetainCompensated, TimeSpan.FromMinutes(1), nameof(RetainCompensated));
        AtLeast(RetainAudit, TimeSpan.FromMinutes(1), nameof(RetainAudit));
        AtLeast(SweepEvery, TimeSpan.FromSeconds(1), nameof(SweepEvery));
        AtLeast(MaxFactsWaiting, 1, nameof(MaxFactsWaiting));
        AtLeast(Lease, TimeSpan.FromSeconds(1), nameof(Lease));
        AtLeast(Alerts.After, TimeSpan.Zero, nameof(Alerts) + nameof(Alerts.After));
        AtLeast(Alerts.LookEvery, TimeSpan.FromMilliseconds(100), nameof(Alerts) + nameof(Alerts.LookEvery));
    }

    private static void AtLeast<T>(T value, T least, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0)
            throw new ArgumentException($"Orchestrator:{name} is {value}; it must be at least {least}.", name);
    }
}
