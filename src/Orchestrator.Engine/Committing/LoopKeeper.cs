namespace Orchestrator.Engine.Committing;

/// <summary>
/// Keeps the loops going that run beside the commit loop. One that ended by a bug would be missed by nobody: what it
/// does would just not be done any more. So the bug is logged and the loop begun again. Safe for any number of threads.
/// </summary>
internal sealed class LoopKeeper(TimeProvider time, Log log)
{
    /// <summary>Runs the loop until it is stopped, or ends by itself without an error.</summary>
    public async Task KeepAsync(string name, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop);
                return;
            }
            // Whatever it is, the next round may be fine.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (stop.IsCancellationRequested) return;
                log.SideLoopBroke(name, EngineLimits.LoopAgain, e);
            }

            await PauseAsync(stop);
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(EngineLimits.LoopAgain, time, stop);
        }
        catch (OperationCanceledException)
        {
            // There is no next round.
        }
    }
}
