using Orchestrator.Core.Definitions;

namespace Orchestrator.Service;

/// <summary>What one request may cost. Each limit keeps one caller from costing everybody else.</summary>
internal static class ServiceLimits
{
    /// <summary>
    /// Bytes of a saga's input, a definition or any other body: small enough to be written in every group commit.
    /// </summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>
    /// Nesting of JSON in a body: the default of System.Text.Json, so everybody behind us can read it.
    /// </summary>
    public const int JsonDepth = DefinitionLimits.Depth;

    /// <summary>Bytes of a verb's or a participant's body: a reason or an address.</summary>
    public const int SmallBodyBytes = 16 * 1024;

    /// <summary>
    /// Bytes of an answer that comes over the broker: the largest body of an answer, and the event around it.
    /// </summary>
    public const int EventBytes = Engine.EngineLimits.MaxAnswerBytes + Contract.WireLimits.Envelope;

    /// <summary>Characters of <c>Idempotency-Key</c>: it is indexed.</summary>
    public const int IdempotencyKeyLength = 128;

    /// <summary>Characters of <c>X-Actor</c>: it stands in every line of the history it causes.</summary>
    public const int ActorLength = 128;

    /// <summary>Characters of a token: a signed one with many groups is a few KiB.</summary>
    public const int TokenLength = 16 * 1024;

    /// <summary>The highest limit of requests a second that can be configured.</summary>
    public const int HighestRate = 1_000_000;

    /// <summary>Characters of an operator's reason: it stands in every listing.</summary>
    public const int ReasonLength = 1000;

    /// <summary>Characters of a word in a batch: a verb.</summary>
    public const int BatchVerbLength = 32;

    /// <summary>Characters of a saga's id in a batch; ours are shorter.</summary>
    public const int SagaIdLength = 64;

    /// <summary>Characters of a business key: it is indexed.</summary>
    public const int BusinessKeyLength = 256;

    /// <summary>Search attributes of one saga: each is an indexed row.</summary>
    public const int Tags = 16;

    /// <summary>Characters of the name of a search attribute.</summary>
    public const int TagNameLength = 64;

    /// <summary>Characters of the value of a search attribute.</summary>
    public const int TagValueLength = 256;

    /// <summary>Items of a page of the list when the caller names no number.</summary>
    public const int PageItems = 50;

    /// <summary>Items of the longest page.</summary>
    public const int LongestPageItems = 500;

    /// <summary>Changes an event stream reads at once.</summary>
    public const int ChangesAtOnce = 200;

    /// <summary>Event streams open at once: each holds a connection and reads the store.</summary>
    public const int EventStreams = 500;

    /// <summary>The longest wait of <c>Prefer: wait</c>: proxies cut connections that are silent for longer.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(60);

    /// <summary>An event stream with nothing to say sends a comment this often, so that a cut is noticed.</summary>
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Due work older than this means that the engine's loop is silently not running.</summary>
    public static TimeSpan OldestDueWork { get; } = TimeSpan.FromSeconds(30);

    /// <summary>What <c>Retry-After</c> names when the store cannot be written.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long open requests may take after SIGTERM; two seconds are left for the engine to the promised ten.
    /// </summary>
    public static TimeSpan Shutdown { get; } = TimeSpan.FromSeconds(8);

    /// <summary>How old figures may be that are told by the meter: all of one collection are of one moment.</summary>
    public static TimeSpan SharedReading { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a stop waits for a collector to take the last spans, figures and log lines: the promised ten seconds
    /// are for sagas.
    /// </summary>
    public static TimeSpan TelemetryFlush { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A finished saga stays readable at least so long: whoever waited for it has to read it.</summary>
    public static readonly TimeSpan ShortestRetention = TimeSpan.FromMinutes(1);

    /// <summary>And at most so long, the longest duration there is: longer is the work of an archive.</summary>
    public static readonly TimeSpan LongestRetention = TimeSpan.FromDays(365);

    /// <summary>How long a connection to another orchestrator may take to be made.</summary>
    public static readonly TimeSpan OwnerConnect = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A connection to another orchestrator is made anew after this, so that a moved name is noticed.
    /// </summary>
    public static readonly TimeSpan OwnerConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked where a saga runs whose owner cannot be reached.</summary>
    public static readonly TimeSpan OwnerLook = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after a take-over should have happened a request still waits for it.</summary>
    public static readonly TimeSpan OwnerPatience = TimeSpan.FromSeconds(3);

    /// <summary>Whoever waits longer before an alert does not want to be told.</summary>
    public static readonly TimeSpan LongestAlertAfter = TimeSpan.FromDays(1);

    /// <summary>How often a file that holds a secret is read again.</summary>
    public static readonly TimeSpan TokenFileLook = TimeSpan.FromSeconds(10);

    /// <summary>Below this a busy machine would take an owner out that is alive.</summary>
    public static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1);

    /// <summary>Above this the sagas of an owner that died would stand still for too long.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(5);
}
