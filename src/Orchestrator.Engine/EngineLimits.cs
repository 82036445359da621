namespace Orchestrator.Engine;

/// <summary>Every limit of calls, commits and endings, with its reason.</summary>
public static class EngineLimits
{
    /// <summary>
    /// Largest body of an answer that is read, in bytes: a saga's outputs live in memory and in its history.
    /// </summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>
    /// Longest text of a participant that is kept, in characters: it goes into history, lists and logs.
    /// </summary>
    public const int MaxTextLength = 2000;

    /// <summary>Longest header value of an answer that is kept: code, ledger, state.</summary>
    public const int MaxTokenLength = 200;

    /// <summary>Longest Location of a 202 that is asked at.</summary>
    public const int MaxLocationLength = 2000;

    /// <summary>Deepest nesting of an answer's JSON: what the API takes as input as well.</summary>
    public const int MaxJsonDepth = 64;

    /// <summary>
    /// Addresses of commands kept ready; a definition has few, so this is far more than a service has.
    /// </summary>
    public const int MaxCachedAddresses = 10_000;

    /// <summary>
    /// Sagas whose waiting calls are released at the same time: enough to fill commits, few enough that an operator who
    /// releases a hundred thousand does not hold up everybody else.
    /// </summary>
    public const int MaxReleasesAtOnce = 64;

    /// <summary>Sagas of one look that alerts are opened for, of each reason; the next look finds the rest.</summary>
    public const int MaxAlertsPerLook = 500;

    /// <summary>Pieces of news of alerts read at once: the most that one message stands for.</summary>
    public const int MaxAlertsPerPage = 1000;

    /// <summary>Alerts that one message for many names; it counts the others.</summary>
    public const int MaxAlertsNamed = 100;

    /// <summary>Alerts a minute that a target is told one by one; more of them come as one message.</summary>
    public const int MaxSingleAlerts = 10;

    /// <summary>What <see cref="MaxSingleAlerts" /> is counted over.</summary>
    public static readonly TimeSpan AlertMinute = TimeSpan.FromMinutes(1);

    /// <summary>Time between two messages that stand for many alerts.</summary>
    public static readonly TimeSpan AlertBundleGap = TimeSpan.FromSeconds(10);

    /// <summary>How long a target may take to answer.</summary>
    public static readonly TimeSpan AlertTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The first wait after an alert was not taken; it doubles.</summary>
    public static readonly TimeSpan AlertRetryFirst = TimeSpan.FromSeconds(1);

    /// <summary>The longest: who comes back is told within so long.</summary>
    public static readonly TimeSpan AlertRetryLongest = TimeSpan.FromMinutes(5);

    /// <summary>Sagas told in one request that tells endings.</summary>
    public const int MaxEndingsPerRequest = 500;

    /// <summary>
    /// How long a request that tells endings may take: nobody waits for it, but it holds a connection.
    /// </summary>
    public static readonly TimeSpan EndingsTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A pooled connection is made anew after this, so that a moved DNS name is noticed.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long making a connection may take at most; the call's own timeout is often shorter.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Sagas that have not ended, in all: they live in memory, a few KB each.</summary>
    public const int MaxLiveSagas = 1_000_000;

    /// <summary>
    /// Starts that wait for their commit: a few seconds of work; more would only time out at the caller.
    /// </summary>
    public const int MaxWaitingStarts = 10_000;

    /// <summary>Things done in one commit: bounds the memory and the time of a transaction.</summary>
    public const int MaxBatch = 1000;

    /// <summary>Sagas purged in one commit, so that a sweep holds up nobody noticeably.</summary>
    public const int MaxPurgesPerCommit = 200;

    /// <summary>
    /// Definitions, and participants, that are measured by name: each is a handful of series in whatever reads them.
    /// </summary>
    public const int MaxMeasuredNames = 200;

    /// <summary>Changes a reader of the feed may be behind before it has to read them from the store.</summary>
    public const int MaxFeedBacklog = 1024;

    /// <summary>Changes read from the store at once by a reader that is behind.</summary>
    public const int FeedPage = 500;

    /// <summary>Dead entries the timer heap may hold beside the live ones before it is rebuilt.</summary>
    public const int MinTimerRebuild = 1024;

    /// <summary>
    /// The clock is looked at this often while a timer waits, so that a clock that is set forward fires timers within
    /// it.
    /// </summary>
    public static readonly TimeSpan LongestTimerNap = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A loop that met a bug begins again after this: soon enough to help, too seldom to flood the log.
    /// </summary>
    public static readonly TimeSpan LoopAgain = TimeSpan.FromSeconds(5);

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

    /// <summary>Events published at once: a few connections' worth.</summary>
    public const int MaxEventsAtOnce = 64;

    /// <summary>How often the wait before an unreachable broker is tried again doubles.</summary>
    public const int PublishDoublings = 8;

    /// <summary>Answers kept that came between two attempts; more would only cost memory.</summary>
    public const int MaxEarlyReplies = 10_000;

    /// <summary>First and longest wait before an event is published again.</summary>
    public static readonly TimeSpan PublishRetryFirst = TimeSpan.FromMilliseconds(100);

    /// <summary>See <see cref="PublishRetryFirst" />.</summary>
    public static readonly TimeSpan PublishRetryLongest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Facts of sagas that wait for the broker, about 1 KB each: with a broker that is away for weeks, or was never
    /// there, they must not fill the disk that sagas need. Commands are never counted, or left out.
    /// </summary>
    public const int MaxFactsWaiting = 100_000;

    /// <summary>Between two tries of a broker that is not configured: only a person can change that.</summary>
    public static readonly TimeSpan PublishUnconfigured = TimeSpan.FromSeconds(30);

    /// <summary>An answer that came between two attempts counts for the next one only so long.</summary>
    public static readonly TimeSpan EarlyReplyAge = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the delivery of an answer waits until it is on disk, before the broker is asked for it again.
    /// </summary>
    public static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The part of the lease an owner of a shared store may be silent: what is left of it is for noticing and reading.
    /// </summary>
    public const double SilentPart = 0.6;

    /// <summary>How often an owner says that it is alive, as a part of the lease.</summary>
    public const double BeatPart = 0.1;

    /// <summary>
    /// Longest time between two beats, with which changes of others are noticed: an operator waits for them.
    /// </summary>
    public static readonly TimeSpan LongestBeat = TimeSpan.FromMilliseconds(250);

    /// <summary>Sagas of another engine taken in at once, so that the commit loop goes on between.</summary>
    public const int MaxAdoptedAtOnce = 500;

    /// <summary>How long a change of definitions or participants waits until every owner knows it.</summary>
    public static readonly TimeSpan CatalogPatience = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether they do.</summary>
    public static readonly TimeSpan CatalogLook = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Sagas of one batch: its rows are one commit, which others wait for, some tens of milliseconds at most.
    /// </summary>
    public const int MaxBatchSagas = 10_000;

    /// <summary>Batches that go on at once: they take turns, and each makes the others slower.</summary>
    public const int MaxLiveBatches = 20;

    /// <summary>Sagas read from the list at once when those of a batch are chosen.</summary>
    public const int BatchSagasPage = 500;

    /// <summary>Sagas a preview names.</summary>
    public const int BatchSample = 20;

    /// <summary>
    /// Sagas of one batch done before the next one has its turn, and before it is seen that it was stopped.
    /// </summary>
    public const int BatchPage = 64;

    /// <summary>Verbs of batches under way at once: a small part of a commit, so that others fit beside them.</summary>
    public const int BatchSagasAtOnce = 16;

    /// <summary>
    /// Calls that may wait for a place at their participants before a batch waits too: more would be ahead of those of
    /// live sagas.
    /// </summary>
    public const int MaxWaitingBesideBatch = 64;

    /// <summary>How often a batch waits for them in a row; then it goes on, however slow they are.</summary>
    public const int BatchPatience = 20;

    /// <summary>How long each time.</summary>
    public static readonly TimeSpan BatchPause = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a saga of a batch is tried that nobody answers for, before it counts as failed.</summary>
    public const int MaxBatchTries = 5;

    /// <summary>How often it is looked for batches that others took in, and for what has to be tried again.</summary>
    public static readonly TimeSpan BatchLook = TimeSpan.FromSeconds(1);

    /// <summary>Batches deleted in one commit: each takes up to 10,000 rows along.</summary>
    public const int MaxBatchesPerCut = 1;

    /// <summary>
    /// Refusals a minute that the audit list takes: whoever floods the service must not fill its disk.
    /// </summary>
    public const int MaxRefusalsAudited = 600;

    /// <summary>Entries of the audit list, about 300 bytes each.</summary>
    public const long MaxAudits = 1_000_000;

    /// <summary>Entries of the audit list deleted in one commit.</summary>
    public const int MaxAuditsPerCut = 1000;
}
