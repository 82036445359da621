using Orchestrator.Core.History;
using Orchestrator.Engine;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Waits for ends on behalf of callers, and no longer than the caller and the service are there.</summary>
internal sealed class WaitForEnd(ISagaEngine engine, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// The saga when it has ended, when <paramref name="limit" /> has passed, or when the service stops.
    /// </summary>
    public async Task<StartedSaga> ForAsync(StartedSaga saga, TimeSpan limit, CancellationToken cancel)
    {
        if (saga is Ended || limit <= TimeSpan.Zero) return saga;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            return await engine.WaitForEndAsync(saga.Start.SagaId, limit, either.Token) ?? saga;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return saga;
        }
    }
}
