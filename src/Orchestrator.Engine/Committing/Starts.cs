using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Takes starts within the limits of the process and posts them to the commit loop. Safe for any number of threads.
/// </summary>
internal sealed class Starts(Inbox inbox, LiveSagas sagas, SagaReads reads, ISagaIds ids, EngineHealth health)
{
    private int waiting;

    /// <summary>See <see cref="ISagaEngine.StartAsync" />.</summary>
    public Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancel) =>
        StartAsync(request, null, cancel);

    /// <summary>The same for a saga that runs <paramref name="origin" /> again.</summary>
    public async Task<StartOutcome> StartAsync(StartRequest request, RerunOrigin? origin, CancellationToken cancel)
    {
        using var span = SagaSpans.Start(request, origin?.Saga.Start);
        // The saga's trace goes on below this span, and with what was decided of its recording.
        var traced = span is null ? request : request with { TraceParent = span.Id };
        var outcome = await TryAsync(traced, origin, cancel);
        SagaSpans.Started(span, outcome);
        return outcome;
    }

    private async Task<StartOutcome> TryAsync(StartRequest request, RerunOrigin? origin, CancellationToken cancel)
    {
        while (true)
        {
            if (Full() is { } text) return new StartOutcome.Unavailable(text);
            switch (await PostAsync(request, origin, cancel))
            {
                case StartFate.Started started:
                    return new StartOutcome.Started(started.Saga);
                case StartFate.Existing existing:
                    // Purged between the two looks, its key is free again.
                    if (await reads.FindAsync(existing.SagaId, cancel) is not { } saga) continue;
                    return new StartOutcome.AlreadyStarted(saga);
                case StartFate.KeyReused reused:
                    return new StartOutcome.KeyReused(reused.SagaId);
                case StartFate.Unavailable unavailable:
                    return new StartOutcome.Unavailable(unavailable.Text);
                default:
                    throw new System.Diagnostics.UnreachableException("Unknown fate of a start.");
            }
        }
    }

    private async Task<StartFate> PostAsync(StartRequest request, RerunOrigin? origin, CancellationToken cancel)
    {
        var work = new StartWork(request, ids, origin);
        Interlocked.Increment(ref waiting);
        try
        {
            inbox.Post(work);
            return await work.Done.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private string? Full()
    {
        if (health.NotReady is { } text) return text;
        if (Volatile.Read(ref waiting) >= EngineLimits.MaxWaitingStarts)
            return $"{EngineLimits.MaxWaitingStarts} starts wait already. Try again in a moment.";
        return sagas.Count >= EngineLimits.MaxLiveSagas
            ? $"{EngineLimits.MaxLiveSagas} sagas run already. Wait until some have ended."
            : null;
    }
}
