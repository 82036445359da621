using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Instances;
using Instance = Orchestrator.StandIn.Instances.Instance;

namespace Orchestrator.StandIn.Work;

/// <summary>
/// What happens at an instant: timers of instances, and turns that are sent out again. The hub's lock guards it.
/// </summary>
internal sealed class DueTimers : IDisposable
{
    private static readonly TimeSpan LongestNap = TimeSpan.FromHours(1);
    private readonly PriorityQueue<Action, DateTimeOffset> queue = new();
    private readonly Hub hub;
    private readonly ITimer clock;

    public DueTimers(Hub hub)
    {
        this.hub = hub;
        clock = hub.Time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A timer of an instance; in the past it fires at once. One that is gone by then does nothing.</summary>
    public void Add(Instance instance, StoredTimer timer) =>
        At(timer.FireAt.ToDateTimeOffset(), () => Fired(instance, timer));

    public void At(DateTimeOffset at, Action action)
    {
        queue.Enqueue(action, at);
        Wind();
    }

    public void Dispose() => clock.Dispose();

    private void Fired(Instance instance, StoredTimer timer)
    {
        // By identity: after a new execution another timer may have its number.
        var isThere = instance.Stored.Timers.Any(one => ReferenceEquals(one, timer));
        if (!isThere || hub.Find(instance.Id) != instance) return;
        instance.Stored.Timers.Remove(timer);
        if (hub.Faults.Take(FaultKind.LoseTimer)) return;
        var fired = Events.Of(hub.Time.GetUtcNow());
        fired.TimerFired = new TimerFired { FireAt = timer.FireAt, TimerId = timer.Id };
        instance.Stored.Inbox.Add(fired);
        hub.Save(instance);
        hub.QueueTurn(instance);
    }

    private void Fire()
    {
        lock (hub.Guard)
        {
            while (queue.TryPeek(out var action, out var at) && at <= hub.Time.GetUtcNow())
            {
                queue.Dequeue();
                action();
            }

            Wind();
            hub.Pulse();
        }
    }

    private void Wind()
    {
        if (!queue.TryPeek(out _, out var at)) return;
        var wait = at - hub.Time.GetUtcNow();
        var nap = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestNap ? wait : LongestNap;
        clock.Change(nap, Timeout.InfiniteTimeSpan);
    }
}
