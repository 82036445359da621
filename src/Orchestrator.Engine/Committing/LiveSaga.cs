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
    private List<TaskCompletionSource<StartedSaga>>? waiters;

    /// <summary>The saga's id.</summary>
    public string Id { get; } = id;

    /// <summary>Its number in the store.</summary>
    public long No { get; } = no;

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

    /// <summary>Calls handed out whose end has not come back.</summary>
    public int CallsOut { get; set; }

    /// <summary>Its entries in the timer heap.</summary>
    public int TimersInHeap { get; set; }

    /// <summary>Takes over a committed state; wakes those who wait for the end.</summary>
    public void Commit(StartedSaga committed, ListView view)
    {
        List<TaskCompletionSource<StartedSaga>>? toWake;
        lock (gate)
        {
            state = committed;
            View = view;
            if (committed is not Ended) return;
            toWake = waiters;
            waiters = null;
        }

        if (toWake is null) return;
        foreach (var waiter in toWake) waiter.TrySetResult(committed);
    }

    /// <summary>Completes once it has ended.</summary>
    public Task<StartedSaga> WaitForEndAsync()
    {
        lock (gate)
        {
            if (state is Ended ended) return Task.FromResult<StartedSaga>(ended);
            var waiter = new TaskCompletionSource<StartedSaga>(TaskCreationOptions.RunContinuationsAsynchronously);
            (waiters ??= []).Add(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Forgets somebody who does not wait any more.</summary>
    public void StopWaiting(Task<StartedSaga> wait)
    {
        lock (gate) waiters?.RemoveAll(waiter => waiter.Task == wait);
    }
}

/// <summary>What of a state the list shows and what can change.</summary>
internal readonly record struct ListView(SagaPhase Phase, bool Stuck, bool InDoubt, bool Suspended, SagaReason? Reason)
{
    public static ListView Of(StartedSaga saga) =>
        new(saga.Phase(), saga.IsStuck(), saga.IsInDoubt(), saga.Suspended, saga.Reason());
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

    /// <summary>True when the saga starts in this turn.</summary>
    public bool IsStart { get; set; }

    /// <summary>What the list will show, once the turn is sealed.</summary>
    public ListView View { get; set; }

    /// <summary>True when the list will show it differently.</summary>
    public bool IsListed { get; set; }

    /// <summary>The events, in order.</summary>
    public List<SagaEvent> Events { get; } = [];
}
