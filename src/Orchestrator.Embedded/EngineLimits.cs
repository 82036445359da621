namespace Orchestrator.Embedded;

/// <summary>Every limit of the embedded engine, with its reason.</summary>
internal static class EngineLimits
{
    /// <summary>Sagas that have not ended, in all: they live in memory, a few KB each.</summary>
    public const int MaxLiveSagas = 1_000_000;

    /// <summary>Starts that wait for their commit: a few seconds of work; more would only time out at the caller.</summary>
    public const int MaxWaitingStarts = 10_000;

    /// <summary>Things done in one commit: bounds the memory and the time of a transaction.</summary>
    public const int MaxBatch = 1000;

    /// <summary>Sagas purged in one commit, so that a sweep holds up nobody noticeably.</summary>
    public const int MaxPurgesPerCommit = 200;

    /// <summary>Changes a reader of the feed may be behind before it has to read them from the store.</summary>
    public const int MaxFeedBacklog = 1024;

    /// <summary>Changes read from the store at once by a reader that is behind.</summary>
    public const int FeedPage = 500;

    /// <summary>Dead entries the timer heap may hold beside the live ones before it is rebuilt.</summary>
    public const int MinTimerRebuild = 1024;

    /// <summary>
    /// The clock is looked at this often while a timer waits, so that a clock that is set forward fires timers within it.
    /// </summary>
    public static readonly TimeSpan LongestTimerNap = TimeSpan.FromSeconds(1);

    /// <summary>Between two tries of a store that cannot be written.</summary>
    public static readonly TimeSpan StoreRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>Endings are collected for so long, which makes one request of many.</summary>
    public static readonly TimeSpan EndingsDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>First and longest wait before endings are told again to a participant that did not take them.</summary>
    public static readonly TimeSpan EndingsRetryFirst = TimeSpan.FromMilliseconds(500);

    /// <summary>See <see cref="EndingsRetryFirst" />.</summary>
    public static readonly TimeSpan EndingsRetryLongest = TimeSpan.FromSeconds(30);

    /// <summary>Calls under way at a stop get so long to end and be recorded; the process has 10 s in all.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(4);

    /// <summary>What is left of a stop after the grace: the last commit and the loops' ends.</summary>
    public static readonly TimeSpan StopRest = TimeSpan.FromSeconds(3);
}
