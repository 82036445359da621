namespace Orchestrator.Dapr;

/// <summary>Every limit of the connection to the sidecar, with its reason.</summary>
internal static class DaprLimits
{
    /// <summary>
    /// Bytes of one message to the sidecar: what it allows when it was not told otherwise (<c>--max-body-size</c>).
    /// </summary>
    public const int DefaultMaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>
    /// A message may never be larger than this, whatever is configured: it is held in memory as a whole.
    /// </summary>
    public const int MostMaxMessageBytes = 256 * 1024 * 1024;

    /// <summary>
    /// Bytes of one message from the sidecar. It bounds its own by its <c>--max-body-size</c>, which nobody tells us,
    /// and stops an instance at 95 % of that; so this is more than anybody sets, and little enough to hold several.
    /// </summary>
    public const int DefaultMaxReceivedBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Of an item that is left out this much is looked at, to name its instance: ids have a hundred characters, and
    /// stand first.
    /// </summary>
    public const int HeadBytes = 1024;

    /// <summary>Read from a stream at once; a buffer grows beyond it only for a message that does not fit.</summary>
    public const int ReadBytes = 16 * 1024;

    /// <summary>
    /// Characters of an error's text that are kept: enough for a sentence, too few to flood what is written down.
    /// </summary>
    public const int MaxErrorText = 2000;

    /// <summary>
    /// Largest data, in bytes, that travels inside a scheduled call; the sidecar keeps each of them for the saga's
    /// life.
    /// </summary>
    public const int MaxInlineData = 32 * 1024;

    /// <summary>Deepest nesting of an instance's input: participants' JSON of 64 and the events around it.</summary>
    public const int MaxInputDepth = 128;

    /// <summary>Deepest nesting of a call or a verb.</summary>
    public const int MaxPayloadDepth = 128;

    /// <summary>
    /// A request for a turn that is larger makes the instance continue with a compacted history, once no call is under
    /// way.
    /// </summary>
    public const int CompactAt = 1024 * 1024;

    /// <summary>A request that is larger makes it continue at once.</summary>
    public const int CompactAnywayAt = 2 * 1024 * 1024;

    /// <summary>
    /// Less than this since an instance began is no reason to compact: what a saga has to keep can be larger than
    /// <see cref="CompactAnywayAt" />, and then every turn would only begin anew.
    /// </summary>
    public const int CompactGain = 512 * 1024;

    /// <summary>
    /// A request that is larger is warned about: at 95 % of the message limit Dapr stops the instance for good.
    /// </summary>
    public const int WarnAt = 3 * 1024 * 1024;

    /// <summary>Folds kept from turn to turn. A saga that falls out is folded whole at its next turn.</summary>
    public const int MaxFolds = 5_000;

    /// <summary>Turns in the commit loop at once; the sidecar keeps the others.</summary>
    public const int MaxTurnsAtOnce = 500;

    /// <summary>
    /// Tries to give an answer to the sidecar before the stream is opened anew, which makes it ask again.
    /// </summary>
    public const int MaxCompletionTries = 4;

    /// <summary>Instances of one saga: each takes over from one that was terminated.</summary>
    public const int MaxInstancesPerSaga = 1000;

    /// <summary>
    /// Instances of a saga that may be missing one after the other before the search for more of them ends: whoever
    /// purges by hand purges a few. Each costs a question to the sidecar for every saga that is deleted.
    /// </summary>
    public const int MaxMissingInstances = 3;

    /// <summary>
    /// Tries to start the instance that takes over before the terminated one is let go and the sweep is left to find
    /// it: about 20 s in all.
    /// </summary>
    public const int MaxTakeOverTries = 8;

    /// <summary>Purges that wait for the sidecar; more are left to a later purge of the sidecar's own.</summary>
    public const int MaxWaitingPurges = 10_000;

    /// <summary>Sagas looked at in one sweep, each with a question to the sidecar.</summary>
    public const int MaxPokesPerSweep = 100;

    /// <summary>
    /// A turn of an instance that cannot be folded, for want of its definition, is taken again after this.
    /// </summary>
    public static readonly TimeSpan UnreadableAgain = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A turn that met a bug of the engine's own, or was refused by the store, is taken again after this. Each try says
    /// so in the log.
    /// </summary>
    public static readonly TimeSpan BrokenAgain = TimeSpan.FromSeconds(10);

    /// <summary>Time between two sweeps for sagas that do not move.</summary>
    public static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    /// <summary>A saga whose timer or start is overdue by this much is looked after.</summary>
    public static readonly TimeSpan PokeAfter = TimeSpan.FromSeconds(5);

    /// <summary>The same saga is not looked after more often than this.</summary>
    public static readonly TimeSpan PokeAgain = TimeSpan.FromSeconds(30);

    /// <summary>How long a verb waits until the saga has recorded it.</summary>
    public static readonly TimeSpan VerbTimeout = TimeSpan.FromSeconds(15);

    /// <summary>First and longest wait before a broken stream is opened again.</summary>
    public static readonly TimeSpan ReconnectFirst = TimeSpan.FromMilliseconds(200);

    /// <summary>See <see cref="ReconnectFirst" />.</summary>
    public static readonly TimeSpan ReconnectLongest = TimeSpan.FromSeconds(3);

    /// <summary>First and longest wait before the instance that takes over is started again.</summary>
    public static readonly TimeSpan TakeOverFirst = TimeSpan.FromMilliseconds(200);

    /// <summary>See <see cref="TakeOverFirst" />.</summary>
    public static readonly TimeSpan TakeOverLongest = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of an error of the sidecar's own: a code and a sentence.</summary>
    public const int MaxSidecarError = 1024 * 1024;

    /// <summary>Publishing one event; the sidecar answers once the broker has it.</summary>
    public static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A management call: without a connected stream some of them get no answer at all.</summary>
    public static readonly TimeSpan DefaultCallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>An answer to a work item: the sidecar saves it before it says yes.</summary>
    public static readonly TimeSpan DefaultCompletionTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Setting up a connection; the sidecar is near.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A silent connection is asked for a sign of life this often, so that a sidecar that is gone without a word is
    /// noticed. The sidecar closes connections that ask more often than every 8 seconds.
    /// </summary>
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(30);

    /// <summary>A sign of life that does not come within this ends the connection.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);
}
