using Orchestrator.Core.Deciding;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The timers of all sagas, earliest first. Timers of sagas that have ended stay until they are due or outnumber the
/// others, so that an end costs nothing. Used by the commit loop alone.
/// </summary>
internal sealed class TimerHeap
{
    private readonly PriorityQueue<(LiveSaga Saga, string Timer), long> queue = new();
    private int dead;

    /// <summary>Entries, dead ones included.</summary>
    public int Count => queue.Count;

    /// <summary>The earliest instant; null when nothing waits.</summary>
    public DateTimeOffset? EarliestAt =>
        queue.TryPeek(out _, out var due) ? new DateTimeOffset(due, TimeSpan.Zero) : null;

    /// <summary>Adds one.</summary>
    public void Add(LiveSaga saga, string timer, DateTimeOffset dueAt)
    {
        saga.TimersInHeap++;
        queue.Enqueue((saga, timer), dueAt.UtcTicks);
    }

    /// <summary>Takes one that is due; false when none is.</summary>
    public bool TryTakeDue(DateTimeOffset now, out LiveSaga saga, out string timer)
    {
        while (queue.TryPeek(out var entry, out var due) && due <= now.UtcTicks)
        {
            queue.Dequeue();
            entry.Saga.TimersInHeap--;
            if (IsDead(entry.Saga))
            {
                dead--;
                continue;
            }

            (saga, timer) = entry;
            return true;
        }

        (saga, timer) = (null!, null!);
        return false;
    }

    /// <summary>
    /// Counts the timers of a saga that will never matter again; call it once, after its end is committed.
    /// </summary>
    public void Forget(LiveSaga saga)
    {
        dead += saga.TimersInHeap;
        if (dead <= EngineLimits.MinTimerRebuild || dead <= queue.Count / 2) return;
        var alive = queue.UnorderedItems.Where(item => !IsDead(item.Element.Saga)).ToArray();
        queue.Clear();
        queue.EnqueueRange(alive);
        queue.TrimExcess();
        dead = 0;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        queue.Clear();
        dead = 0;
    }

    private static bool IsDead(LiveSaga saga) => saga.IsGone || saga.State?.IsClosed() == true;
}
