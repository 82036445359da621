using Microsoft.Extensions.Hosting;
using Orchestrator.Dapr.Running;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr;

/// <summary>
/// Starts and stops the engine with the host. The start throws <see cref="StoreInUseException" /> when another engine
/// has the store; a sidecar that is away shows in readiness. Disposing without a stop lets go of everything at once, as
/// a crash does.
/// </summary>
internal sealed class DaprHost(
    LoopRun run,
    WorkItemPump pump,
    SagaSweep sweep,
    InstancePurges purges,
    CallRunner calls,
    LoopKeeper loops,
    EngineHealth health,
    TimeProvider time,
    Log log) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource abandon = new();
    private Task running = Task.CompletedTask;
    private bool isDisposed;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        health.Outside = "The sidecar has not been reached yet.";
        await run.StartAsync(calls.Figures, cancellationToken);
        running = Task.WhenAll(
            PumpAsync(),
            loops.KeepAsync("sagas that do not move", sweep.RunAsync, stopping.Token),
            loops.KeepAsync("instances to purge", purges.RunAsync, stopping.Token));
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        health.Stop();
        await stopping.CancelAsync();
        await run.BeginStopAsync();
        try
        {
            await pump.WhenIdleAsync().WaitAsync(EngineLimits.StopGrace, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is still under way is given again by the sidecar.
        }

        var left = pump.CallsUnderWay;
        await abandon.CancelAsync();
        await running;
        await run.EndStopAsync(cancellationToken);
        log.Stopped(left);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await stopping.CancelAsync();
        await abandon.CancelAsync();
        await running;
        await run.DisposeAsync();
        stopping.Dispose();
        abandon.Dispose();
    }

    private async Task PumpAsync()
    {
        // The host's start must not wait for the sidecar.
        await Task.Yield();
        try
        {
            // Before the sagas were read from the store, a turn would find none of them.
            await run.Ready.WaitAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await loops.KeepAsync("work items", stop => pump.RunAsync(stop, abandon.Token), stopping.Token);
    }
}
