using Orchestrator.Core.History;

namespace Orchestrator.Engine.Committing;

/// <summary>See <see cref="IEngineHealth" />. Written by the commit loop, read by anybody.</summary>
internal sealed class EngineHealth : IEngineHealth
{
    private readonly TimeProvider time;
    private volatile string? notReady = "The engine is starting.";
    private volatile string? stopping;
    private volatile string? dead;
    private volatile string? outside;
    private volatile string? warning;
    private long started;
    private long completed;
    private long compensated;
    private long stuck;
    private long inDoubt;
    private long commits;
    private long rows;
    private long commitFailures;
    private long dueSince = long.MaxValue;
    private long overdueSince = long.MaxValue;

    public EngineHealth(TimeProvider time) => this.time = time;

    /// <inheritdoc />
    public string? NotReady
    {
        get => stopping ?? dead ?? notReady ?? Outside;
        set => notReady = value;
    }

    /// <summary>What is wrong outside of the store, such as a sidecar that is away; null when nothing is.</summary>
    public string? Outside
    {
        get => outside;
        set => outside = value;
    }

    /// <inheritdoc />
    public string? Dead => dead;

    /// <summary>Starts and ends per minute.</summary>
    public MinuteCounts Minutes { get; } = new();

    /// <inheritdoc />
    public string? Warning
    {
        get => warning;
        set => warning = value;
    }

    /// <summary>From now on nothing is accepted, however well the store is.</summary>
    public void Stop() => stopping = "The engine is stopping.";

    /// <summary>From now on nothing can be stored, and only a new process helps.</summary>
    public void Die(string why) => dead = why;

    /// <summary>Where the figures of calls, endings and live sagas come from.</summary>
    public Func<(long Live, long Endings, IReadOnlyList<ParticipantFigures> Participants)>? Sources { get; set; }

    /// <summary>Where the figures of events come from.</summary>
    public Func<(TimeSpan OldestAge, long Unexpected, long Facts, long LeftOut)>? Events { get; set; }

    /// <summary>Where the figures of batches and alerts come from.</summary>
    public Func<(BatchFigures Batches, IReadOnlyList<AlertFigures> Alerts)>? Operating { get; set; }

    /// <summary>Since when the oldest saga in doubt is so; null when none is.</summary>
    public Func<DateTimeOffset?>? InDoubtSince { get; set; }

    /// <inheritdoc />
    public EngineFigures Figures
    {
        get
        {
            var (live, endings, participants) = Sources?.Invoke() ?? (0, 0, []);
            var (oldestAge, unexpected, facts, leftOut) = Events?.Invoke() ?? (TimeSpan.Zero, 0, 0, 0);
            var (batches, alerts) = Operating?.Invoke() ?? (new BatchFigures(0, 0, 0, 0), []);
            return new EngineFigures(
                live,
                Interlocked.Read(ref started),
                Interlocked.Read(ref completed),
                Interlocked.Read(ref compensated),
                Interlocked.Read(ref stuck),
                Interlocked.Read(ref inDoubt),
                InDoubtAge(),
                OldestDueAge(),
                Interlocked.Read(ref commits),
                Interlocked.Read(ref rows),
                Interlocked.Read(ref commitFailures),
                endings,
                participants)
            {
                OldestEventAge = oldestAge,
                UnexpectedReplies = unexpected,
                FactsWaiting = facts,
                FactsLeftOut = leftOut,
                Batches = batches,
                Alerts = alerts,
            };
        }
    }

    /// <summary>Since when the oldest work that could be done waits; null when none does.</summary>
    public void Due(DateTimeOffset? since) => Volatile.Write(ref dueSince, since?.UtcTicks ?? long.MaxValue);

    /// <summary>Since when the oldest timer waits that should have passed by now; null when none does.</summary>
    public void Overdue(DateTimeOffset? since) => Volatile.Write(ref overdueSince, since?.UtcTicks ?? long.MaxValue);

    /// <summary>A commit was written.</summary>
    public void Committed(int count)
    {
        Interlocked.Increment(ref commits);
        Interlocked.Add(ref rows, count);
    }

    /// <summary>A commit failed.</summary>
    public void CommitFailed() => Interlocked.Increment(ref commitFailures);

    /// <summary>A saga started.</summary>
    public void Started()
    {
        Interlocked.Increment(ref started);
        Minutes.Add(time.GetUtcNow(), 1, 0, 0);
    }

    /// <summary>
    /// A saga is listed differently now; <paramref name="before" /> is the default for one that was not listed.
    /// </summary>
    public void Changed(ListView before, ListView after)
    {
        var ended = after.Phase is SagaPhase.Completed or SagaPhase.Compensated;
        Interlocked.Add(ref stuck, (after.Stuck ? 1 : 0) - (before.Stuck ? 1 : 0));
        Interlocked.Add(ref inDoubt, (after.InDoubt ? 1 : 0) - (before.InDoubt ? 1 : 0));
        if (!ended || before.Phase == after.Phase) return;
        var isCompleted = after.Phase == SagaPhase.Completed;
        if (isCompleted) Interlocked.Increment(ref completed);
        else Interlocked.Increment(ref compensated);
        Minutes.Add(time.GetUtcNow(), 0, isCompleted ? 1 : 0, isCompleted ? 0 : 1);
    }

    /// <summary>Sagas are read anew from the store.</summary>
    public void Forget()
    {
        Interlocked.Exchange(ref stuck, 0);
        Interlocked.Exchange(ref inDoubt, 0);
    }

    /// <summary>Looks through the live sagas only while one of them is in doubt.</summary>
    private TimeSpan InDoubtAge()
    {
        if (Interlocked.Read(ref inDoubt) == 0 || InDoubtSince?.Invoke() is not { } since) return TimeSpan.Zero;
        var age = time.GetUtcNow() - since;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    private TimeSpan OldestDueAge()
    {
        var since = Math.Min(Volatile.Read(ref dueSince), Volatile.Read(ref overdueSince));
        var now = time.GetUtcNow().UtcTicks;
        return since >= now ? TimeSpan.Zero : TimeSpan.FromTicks(now - since);
    }
}
