using System.Collections.Concurrent;
using Orchestrator.Core.Deciding;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>See <see cref="IWaitingCalls" />.</summary>
internal sealed class WaitingCalls(LiveSagas sagas, ISagaEngine engine, Log log) : IWaitingCalls, IDisposable
{
    private readonly ConcurrentDictionary<string, bool> released = new();
    private readonly CancellationTokenSource stop = new();

    /// <inheritdoc />
    public long Count(string? participant, string? definition) => Find(participant, definition).LongCount();

    /// <inheritdoc />
    public long Release(string? participant, string? definition, string actor, string? reason)
    {
        // One that is just being released is counted and not released twice.
        var found = Find(participant, definition).ToList();
        var ids = new ConcurrentQueue<string>(found.Where(id => released.TryAdd(id, true)));
        var verb = new SagaVerb.Retry { Actor = actor, Reason = reason, Participant = participant };
        log.WaitsReleased(found.Count, participant ?? "all participants", actor);
        for (var i = Math.Min(ids.Count, EngineLimits.MaxReleasesAtOnce); i > 0; i--) _ = ReleaseAsync(ids, verb);
        return found.Count;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private IEnumerable<string> Find(string? participant, string? definition) =>
        from live in sagas.All
        let saga = live.State
        where saga is not null && (definition is null || saga.Start.Definition == definition)
            && saga.HasWaiting(participant)
        select live.Id;

    private async Task ReleaseAsync(ConcurrentQueue<string> ids, SagaVerb verb)
    {
        await Task.Yield();
        while (ids.TryDequeue(out var id))
        {
            try
            {
                if (stop.IsCancellationRequested) continue;
                var outcome = await engine.SubmitAsync(id, verb, stop.Token);
                // It has ended meanwhile, or its wait is over, in every other case.
                if (outcome is VerbOutcome.Unavailable unavailable) log.NotReleased(id, unavailable.Text);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Its own wait counts.
            }
            catch (StoreUnavailableException e)
            {
                log.NotReleased(id, e.Message);
            }
            finally
            {
                released.TryRemove(id, out _);
            }
        }
    }
}
