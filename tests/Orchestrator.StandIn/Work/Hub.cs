using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Instances;
using Instance = Orchestrator.StandIn.Instances.Instance;

namespace Orchestrator.StandIn.Work;

/// <summary>Something to send out: an activity, or the next turn of an instance when there is none.</summary>
internal sealed record WorkEntry(Instance Instance, ActivityRequest? Activity);

/// <summary>
/// The instances, the queue of work and the lock that guards both. Whoever changes anything holds <see cref="Guard" />
/// and ends with <see cref="Pulse" />.
/// </summary>
internal sealed class Hub : IDisposable
{
    private readonly InstanceFile file;
    private readonly Dictionary<string, Instance> instances = new(StringComparer.Ordinal);
    private readonly LinkedList<WorkEntry> ready = [];
    private TaskCompletionSource pulse = NewPulse();
    private long lastNumber;

    public Hub(StandInOptions options, TimeProvider time, Faults faults)
    {
        (App, Time, Faults) = (options.AppId, time, faults);
        file = new InstanceFile(options.DataFile);
        Due = new DueTimers(this);
        foreach (var stored in file.Load()) Recover(new Instance(stored));
    }

    public Lock Guard { get; } = new();

    public string App { get; }

    public TimeProvider Time { get; }

    public Faults Faults { get; }

    public DueTimers Due { get; }

    /// <summary>The open streams of work, with what each has taken and not answered.</summary>
    public Dictionary<int, List<WorkEntry>> Streams { get; } = [];

    public IEnumerable<Instance> All => instances.Values.OrderBy(instance => instance.Stored.Number);

    public Instance? Find(string id) => instances.GetValueOrDefault(id);

    public void Add(Instance instance)
    {
        if (Find(instance.Id) is { } old)
        {
            Forget(old);
            instance.Stored.Number = old.Stored.Number;
        }
        else
        {
            instance.Stored.Number = ++lastNumber;
        }

        instances[instance.Id] = instance;
        Save(instance);
    }

    public void Remove(Instance instance)
    {
        Forget(instance);
        instances.Remove(instance.Id);
        file.Save(new StoredInstance { Id = instance.Id, Purged = true });
    }

    public void Save(Instance instance) => file.Save(instance.Stored);

    /// <summary>Queues the next turn when there is something for it and none is under way.</summary>
    public void QueueTurn(Instance instance)
    {
        if (instance.IsEnded || instance.IsQueued || instance.IsHeld || instance.Out is not null
            || instance.Stored.Inbox.Count == 0)
            return;
        instance.IsQueued = true;
        ready.AddLast(new WorkEntry(instance, null));
    }

    public void QueueActivity(Instance instance, ActivityRequest activity) =>
        ready.AddLast(new WorkEntry(instance, activity));

    public WorkEntry? Dequeue()
    {
        if (ready.First is not { } first) return null;
        ready.RemoveFirst();
        return first.Value;
    }

    /// <summary>Something changed: everybody who waits looks again.</summary>
    public void Pulse()
    {
        var old = pulse;
        pulse = NewPulse();
        old.SetResult();
    }

    /// <summary>Waits until <paramref name="look" />, which runs within the lock, finds something.</summary>
    public async Task<T> UntilAsync<T>(Func<T?> look, CancellationToken cancel)
        where T : class
    {
        while (true)
        {
            Task changed;
            lock (Guard)
            {
                if (look() is { } found) return found;
                changed = pulse.Task;
            }

            await changed.WaitAsync(cancel);
        }
    }

    public void Dispose()
    {
        Due.Dispose();
        file.Dispose();
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>After a restart whatever was under way is sent out again.</summary>
    private void Recover(Instance instance)
    {
        instances[instance.Id] = instance;
        lastNumber = Math.Max(lastNumber, instance.Stored.Number);
        foreach (var activity in instance.Stored.Activities) QueueActivity(instance, activity);
        foreach (var timer in instance.Stored.Timers) Due.Add(instance, timer);
        QueueTurn(instance);
    }

    private void Forget(Instance instance)
    {
        instance.Stored.Activities.Clear();
        instance.Stored.Timers.Clear();
        for (var node = ready.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Instance == instance) ready.Remove(node);
            node = next;
        }
    }
}
