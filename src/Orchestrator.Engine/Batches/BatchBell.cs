namespace Orchestrator.Engine.Batches;

/// <summary>Wakes the runner of batches. Safe for any number of threads.</summary>
internal sealed class BatchBell
{
    private TaskCompletionSource rung = NewSource();

    /// <summary>Completes when it rings the next time, counted from here.</summary>
    public Task Next => Volatile.Read(ref rung).Task;

    /// <summary>There is something to do.</summary>
    public void Ring() => Interlocked.Exchange(ref rung, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
