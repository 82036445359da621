using Microsoft.Extensions.Hosting;
using Orchestrator.Embedded.Calls;
using Orchestrator.Embedded.Endings;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>
/// Starts and stops the engine with the host. The start throws <see cref="StoreInUseException" /> when another engine has the
/// store; anything else wrong with the store shows in readiness and is tried again. Disposing without a stop lets go of
/// everything at once, as a crash does.
/// </summary>
internal sealed class EngineHost(
    CommitLoop loop,
    RetentionSweep sweep,
    CallPump calls,
    EndingsPump endings,
    LiveSagas sagas,
    ISagaStore store,
    Inbox inbox,
    EngineHealth health,
    TimeProvider time,
    Log log) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource crash = new();
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private Task sweeping = Task.CompletedTask;
    private bool isDisposed;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        health.Sources = () => (sagas.Count, endings.Waiting, calls.Figures());
        try
        {
            await store.OpenAsync(cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            health.NotReady = e.Message;
            log.StoreUnavailable(e.Message, e.InnerException);
        }

        running = RunLoopAsync();
        sweeping = sweep.RunAsync(stopping.Token);
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        health.Stop();
        // First of all, and before anything is waited for: no call goes out once a stop was asked for.
        var callsEnded = calls.StopAsync(EngineLimits.StopGrace, time);
        await stopping.CancelAsync();
        endings.Stop();
        var left = await callsEnded;
        inbox.Close();
        try
        {
            await running.WaitAsync(EngineLimits.StopRest, time, cancellationToken);
            await sweeping;
        }
        catch (TimeoutException)
        {
            // A store that cannot be written keeps the loop; what it holds is sent again at the next start.
            await crash.CancelAsync();
        }

        log.Stopped(left);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await crash.CancelAsync();
        await stopping.CancelAsync();
        calls.Abandon();
        endings.Stop();
        inbox.Close();
        await running;
        await sweeping;
        loop.Dispose();
        await store.DisposeAsync();
        crash.Dispose();
        stopping.Dispose();
    }

    private async Task RunLoopAsync()
    {
        // The host's start must not wait for the first commit.
        await Task.Yield();
        await loop.RunAsync(crash.Token);
    }
}
