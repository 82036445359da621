using Microsoft.Extensions.Hosting;
using Orchestrator.Embedded.Calls;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>
/// Starts and stops the engine with the host. The start throws <see cref="StoreInUseException" /> when another engine
/// has the store. Disposing without a stop lets go of everything at once, as a crash does.
/// </summary>
internal sealed class EngineHost(LoopRun run, CallPump calls, EngineHealth health, TimeProvider time, Log log)
    : IHostedService, IAsyncDisposable
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => run.StartAsync(calls.Figures, cancellationToken);

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        health.Stop();
        // First of all, and before anything is waited for: no call goes out once a stop was asked for.
        var callsEnded = calls.StopAsync(EngineLimits.StopGrace, time);
        await run.BeginStopAsync();
        var left = await callsEnded;
        await run.EndStopAsync(cancellationToken);
        log.Stopped(left);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        calls.Abandon();
        return run.DisposeAsync();
    }
}
