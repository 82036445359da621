namespace Orchestrator.Conformance;

/// <summary>How long and how large, each with its reason.</summary>
internal static class KitLimits
{
    /// <summary>A participant that always answers "I do not know" is asked so often, then it is broken.</summary>
    internal const int Resends = 12;

    /// <summary>Bytes of an oversized message: more than anybody takes for a step's data.</summary>
    internal const int Oversized = 8 * 1024 * 1024;

    /// <summary>Levels of a message that is nested too deep for most JSON readers.</summary>
    internal const int Nesting = 20_000;

    /// <summary>Characters of a body that a report shows.</summary>
    internal const int ShownBody = 300;

    /// <summary>How often a race is run, as it may go either way.</summary>
    internal const int Races = 8;

    /// <summary>How often a check that was too slow is played again, each time with twice the time.</summary>
    internal const int SlowTries = 3;

    /// <summary>Steps that expire in the same instant, and commands that are under way at a kill.</summary>
    internal const int Crowd = 8;

    /// <summary>How long everything is held whose expiry a check does not wait for.</summary>
    internal static readonly TimeSpan LongHold = TimeSpan.FromMinutes(10);

    /// <summary>The age of a stale command: older than half of any sensible retention.</summary>
    internal static readonly TimeSpan Stale = TimeSpan.FromDays(400);

    /// <summary>The pause before a command is sent again.</summary>
    internal static readonly TimeSpan ResendPause = TimeSpan.FromMilliseconds(150);

    /// <summary>How often the kit looks while it waits for something.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>A clock that is off by more makes the checks of expiries mean little.</summary>
    internal static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>The longest one check may take beside the waiting it was told to do.</summary>
    internal static readonly TimeSpan OneCheck = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection may outlive the process at its other end.</summary>
    internal static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(3);

    /// <summary>How long a restarted participant may take until it answers.</summary>
    internal static readonly TimeSpan Restart = TimeSpan.FromSeconds(45);
}
