using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// A saga in memory. <see cref="State" /> is what is committed and may be read by any thread; everything else belongs
/// to the commit loop.
/// </summary>
internal sealed class LiveSaga(string id, long no)
{
    private readonly Lock gate = new();
    private volatile StartedSaga? state;
    private List<(Func<StartedSaga, bool> IsSo, TaskCompletionSource<StartedSaga> Waiter)>? waiters;

    /// <summary>The saga's id.</summary>
    public string Id { get; } = id;

    /// <summary>One that is stored and in nobody's hands.</summary>
    public static LiveSaga Of(long no, StartedSaga saga)
    {
        var live = new LiveSaga(saga.Start.SagaId, no);
        live.Commit(saga, ListView.Of(saga));
        return live;
    }

    /// <summary>Its number in the store; that of a new one may move once, when its start is committed.</summary>
    public long No { get; set; } = no;

    /// <summary>The committed state; null until its start is committed.</summary>
    public StartedSaga? State => state;

    /// <summary>What the list shows of the committed state.</summary>
    public ListView View { get; private set; }

    /// <summary>The turn that is being taken in the current commit; null between commits.</summary>
    public PendingTurn? Pending { get; set; }

    /// <summary>
    /// True when it was deleted or read anew from the store: nothing may be recorded through this object.
    /// </summary>
    public bool IsGone { get; set; }

    /// <summary>
    /// W3C trace context of the last turn's span, below which its calls hang; null when it is not recorded.
    /// </summary>
    public string? TraceParent { get; set; }

    /// <summary>Calls handed out whose end has not come back.</summary>
    public int CallsOut { get; set; }

    /// <summary>Its entries in the timer heap.</summary>
    public int TimersInHeap { get; set; }

    /// <summary>Takes over a committed state; wakes those who wait for it.</summary>
    public void Commit(StartedSaga committed, ListView view)
    {
        lock (gate)
        {
            state = committed;
            View = view;
            // What they go on with runs elsewhere.
            waiters?.RemoveAll(each => each.IsSo(committed) && each.Waiter.TrySetResult(committed));
        }
    }

    /// <summary>Completes with the first committed state for which <paramref name="isSo" /> holds.</summary>
    public Task<StartedSaga> WaitAsync(Func<StartedSaga, bool> isSo)
    {
        lock (gate)
        {
            if (state is { } present && isSo(present)) return Task.FromResult(present);
            var waiter = new TaskCompletionSource<StartedSaga>(TaskCreationOptions.RunContinuationsAsynchronously);
            (waiters ??= []).Add((isSo, waiter));
            return waiter.Task;
        }
    }

    /// <summary>
    /// It goes on elsewhere, or is read anew: whoever waits is told so with what was committed last.
    /// </summary>
    public void LetGo()
    {
        IsGone = true;
        lock (gate)
        {
            if (state is { } last) waiters?.RemoveAll(each => each.Waiter.TrySetResult(last));
        }
    }

    /// <summary>Forgets somebody who does not wait any more.</summary>
    public void StopWaiting(Task<StartedSaga> wait)
    {
        lock (gate) waiters?.RemoveAll(each => each.Waiter.Task == wait);
    }
}

/// <summary>What of a state the list shows and what can change.</summary>
internal readonly record struct ListView(
    SagaPhase Phase,
    bool Stuck,
    bool InDoubt,
    bool Suspended,
    SagaReason? Reason,
    DateTimeOffset ExpiresAt,
    bool Unverified)
{
    public static ListView Of(StartedSaga saga) => new(
        saga.Phase(), saga.IsStuck(), saga.IsInDoubt(), saga.Suspended, saga.Reason(), saga.ExpiresAt,
        saga.HasUnverified());
}

/// <summary>The events of one saga in the commit that is being put together.</summary>
internal sealed class PendingTurn
{
    /// <summary>Whose.</summary>
    public LiveSaga Saga { get; set; } = null!;

    /// <summary>The state so far.</summary>
    public SagaState State { get; set; } = null!;

    /// <summary>Seq of the first event.</summary>
    public int FirstSeq { get; set; }

    /// <summary>Number of the turn.</summary>
    public long No { get; set; }

    /// <summary>How many of the events the store had before: they are written anew, and happened long ago.</summary>
    public int Known { get; set; }

    /// <summary>True when the saga starts in this turn.</summary>
    public bool IsStart { get; set; }

    /// <summary>What the list will show, once the turn is sealed.</summary>
    public ListView View { get; set; }

    /// <summary>True when the list will show it differently.</summary>
    public bool IsListed { get; set; }

    /// <summary>The events, in order.</summary>
    public List<SagaEvent> Events { get; } = [];
}
