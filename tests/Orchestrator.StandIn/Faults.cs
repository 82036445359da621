namespace Orchestrator.StandIn;

/// <summary>
/// What the stand-in is told to do wrong. Thread-safe; each "next" is done that many times and then no more.
/// </summary>
internal sealed class Faults
{
    private readonly Lock guard = new();
    private readonly Dictionary<FaultKind, int> left = [];
    private TimeSpan itemDelay;
    private TimeSpan completionDelay;
    private Func<Task>? beforeLook;
    private Func<string, int>? bloat;

    /// <summary>Every item is sent so much later.</summary>
    public TimeSpan ItemDelay
    {
        get
        {
            lock (guard) return itemDelay;
        }

        set
        {
            lock (guard) itemDelay = value;
        }
    }

    /// <summary>
    /// The reply to the answer of a turn comes so much later than the turn is saved and the next one sent.
    /// </summary>
    public TimeSpan CompletionDelay
    {
        get
        {
            lock (guard) return completionDelay;
        }

        set
        {
            lock (guard) completionDelay = value;
        }
    }

    /// <summary>What a look at an instance waits for before the instance is read; null for nothing.</summary>
    public Func<Task>? BeforeLook
    {
        get
        {
            lock (guard) return beforeLook;
        }

        set
        {
            lock (guard) beforeLook = value;
        }
    }

    /// <summary>How many bytes too many the turns of an instance carry, by its id; null for none.</summary>
    public Func<string, int>? Bloat
    {
        get
        {
            lock (guard) return bloat;
        }

        set
        {
            lock (guard) bloat = value;
        }
    }

    /// <summary>Does something wrong the next so many times; 0 takes it back.</summary>
    public void Next(FaultKind kind, int times = 1)
    {
        lock (guard) left[kind] = times;
    }

    /// <summary>Whether it is to be done now, which counts.</summary>
    public bool Take(FaultKind kind)
    {
        lock (guard)
        {
            if (left.GetValueOrDefault(kind) is var times && times == 0) return false;
            left[kind] = times - 1;
            return true;
        }
    }
}

/// <summary>Ways to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>
    /// A turn is answered, its activities go out, and it is not saved: it comes again, perhaps with orphans in it.
    /// </summary>
    SaveFails,

    /// <summary>The stream breaks in the middle of an item.</summary>
    CutMidFrame,

    /// <summary>The stream sends bytes that are no gRPC and ends.</summary>
    Garbage,

    /// <summary>A turn holds an event of an unknown kind, and unknown fields.</summary>
    Stranger,

    /// <summary>An activity's answer is taken and told to its instance only by <c>Release</c>.</summary>
    HoldActivity,

    /// <summary>A timer that is due is forgotten.</summary>
    LoseTimer,

    /// <summary>An activity is sent out twice.</summary>
    RepeatActivity,

    /// <summary>The answer of a turn is refused under the newer name: a sidecar before 1.18.</summary>
    OldSidecar,

    /// <summary>A call is refused with status 14, before it did anything.</summary>
    Unavailable,

    /// <summary>A call is carried out, and its connection breaks before the reply.</summary>
    LoseReply,

    /// <summary>A start is refused with status 2, as when the state store of the sidecar is away.</summary>
    RefuseStart,

    /// <summary>
    /// An activity's answer is lost and the activity sent out again, both before the reply, which waits for
    /// <c>Release</c>.
    /// </summary>
    LoseAnswer,

    /// <summary>An instance gets no turn any more, as one whose history has come near the limit of a message.</summary>
    Stall,

    /// <summary>A turn comes without its past, which is to be asked for in pieces.</summary>
    StreamHistory,
}
