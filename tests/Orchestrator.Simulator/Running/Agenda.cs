namespace Orchestrator.Simulator.Running;

/// <summary>
/// Simulated time, and everything that is going to happen in it, on one thread. What is ready at the same instant is
/// taken in an order the dice choose, as threads of a pool might take it.
/// </summary>
internal sealed class Agenda(Dice dice)
{
    private readonly PriorityQueue<Entry, (long At, long Number)> later = new();
    private readonly List<(SimulatedProcess? Process, Action Act)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long number;

    /// <summary>Since the beginning of the world, by nobody's clock.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How much has happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Set when something ran beside the one thread: then a run cannot be repeated.</summary>
    public string? Escape { get; private set; }

    /// <summary>Does it as soon as it is its turn, as a part of a process or, with null, of the world.</summary>
    public void Soon(SimulatedProcess? process, Action act)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            Escape ??= new System.Diagnostics.StackTrace().ToString();
            return;
        }

        ready.Add((process, act));
    }

    /// <summary>Does it later; the entry can be cancelled.</summary>
    public Entry After(TimeSpan delay, SimulatedProcess? process, Action act)
    {
        var at = Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        var entry = new Entry(process, act);
        later.Enqueue(entry, (at.Ticks, number++));
        return entry;
    }

    /// <summary>Completes later, in the world's own part.</summary>
    public Task DelayAsync(TimeSpan delay)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        After(delay, null, done.SetResult);
        return done.Task;
    }

    /// <summary>Lets one thing happen; false when nothing is left.</summary>
    public bool Step()
    {
        if (ready.Count == 0 && !Advance()) return false;
        var index = ready.Count == 1 ? 0 : dice.Below(ready.Count);
        var (process, act) = ready[index];
        ready[index] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        Steps++;
        if (process is not null) process.Run(act);
        else act();
        return true;
    }

    private bool Advance()
    {
        while (later.TryDequeue(out var entry, out var key))
        {
            if (entry.IsCancelled) continue;
            Now = TimeSpan.FromTicks(Math.Max(Now.Ticks, key.At));
            ready.Add((entry.Process, entry.Act));
            return true;
        }

        return false;
    }

    /// <summary>Something that is going to happen.</summary>
    internal sealed class Entry(SimulatedProcess? process, Action act)
    {
        public SimulatedProcess? Process => process;

        public Action Act => act;

        public bool IsCancelled { get; private set; }

        public void Cancel() => IsCancelled = true;
    }
}
