namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Waits that end early. Task.WaitAsync goes on by the thread pool, whoever awaits it; these go on where they were
/// awaited, so that simulated time can run them on its one thread.
/// </summary>
internal static class Waits
{
    /// <summary>
    /// Waits until the task has ended, however it did, or for <paramref name="cancel" />, whichever is first; the
    /// latter is an <see cref="OperationCanceledException" />, and the task goes on.
    /// </summary>
    public static async Task UntilAsync(this Task task, CancellationToken cancel)
    {
        if (task.IsCompleted) return;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stop = cancel.UnsafeRegister(
            static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), first);
        _ = TellAsync(task, first);
        await first.Task;
    }

    private static async Task TellAsync(Task task, TaskCompletionSource first)
    {
        try
        {
            await task;
        }
        finally
        {
            first.TrySetResult();
        }
    }
}
