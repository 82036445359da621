using Orchestrator.Core.History;
using Orchestrator.Engine;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Waits for sagas on behalf of callers, and no longer than the caller and the service are there.</summary>
internal sealed class WaitForEnd(ISagaEngine engine, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// The saga when it has ended, when <paramref name="limit" /> has passed, or when the service stops.
    /// </summary>
    public Task<StartedSaga> ForAsync(StartedSaga saga, TimeSpan limit, CancellationToken cancel) =>
        UntilAsync(saga, static present => present is Ended, limit, cancel);

    /// <summary>
    /// The saga when it is so, when <paramref name="limit" /> has passed, or when the service stops.
    /// </summary>
    public async Task<StartedSaga> UntilAsync(
        StartedSaga saga, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel)
    {
        if (isSo(saga) || limit <= TimeSpan.Zero) return saga;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            return await engine.WaitUntilAsync(saga.Start.SagaId, isSo, limit, either.Token) ?? saga;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return saga;
        }
    }
}
