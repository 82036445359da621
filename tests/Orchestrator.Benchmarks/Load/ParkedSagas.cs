namespace Orchestrator.Benchmarks.Load;

/// <summary>Sagas that do nothing but wait on timers.</summary>
internal static class ParkedSagas
{
    private const int StartsAtOnce = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Starts so many and answers once all of them wait.</summary>
    public static async Task StartAsync(ServiceUnderLoad service, int count, CancellationToken cancel)
    {
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancel },
            async (_, stop) => await service.ParkAsync(stop));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        while (!await AllWaitAsync(service, count, limit.Token))
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
    }

    /// <summary>Throws when fewer live than were parked: then the comparison means nothing.</summary>
    public static async Task CheckStillWaitingAsync(ServiceUnderLoad service, int count, CancellationToken cancel)
    {
        var live = (await service.MetricsAsync(cancel)).Sum("orchestrator_sagas_live");
        if (live < count) throw new InvalidOperationException($"Of {count} waiting sagas {live} are left.");
    }

    private static async Task<bool> AllWaitAsync(ServiceUnderLoad service, int count, CancellationToken cancel)
    {
        var metrics = await service.MetricsAsync(cancel);
        return metrics.Sum("orchestrator_sagas_live") >= count
            && metrics.Sum("orchestrator_participant_call_failures_total") >= count
            && metrics.Sum("orchestrator_participant_calls_under_way") == 0
            && metrics.Sum("orchestrator_participant_calls_waiting") == 0;
    }
}
