using Orchestrator.Core.History;
using Orchestrator.Engine.Committing;

namespace Orchestrator.Engine.Measuring;

/// <summary>Looks through the live sagas: a hundred thousand take a few milliseconds.</summary>
internal static class LiveSurvey
{
    private static readonly SagaPhase[] LivePhases =
        [SagaPhase.Doing, SagaPhase.Confirming, SagaPhase.Pivot, SagaPhase.Finishing, SagaPhase.Compensating];

    /// <summary>How they are now.</summary>
    public static LiveFigures Take(LiveSagas sagas, DateTimeOffset now)
    {
        var counts = new long[Enum.GetValues<SagaPhase>().Length];
        var (suspended, overdue) = (0L, 0L);
        var (overdueSince, stuckSince) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        foreach (var live in sagas.All)
        {
            if (live.State is not { } state) continue;
            var phase = live.View.Phase;
            counts[(int)phase]++;
            if (state.Suspended) suspended++;
            if (live.View.Stuck && state.Start.At < stuckSince) stuckSince = state.Start.At;
            if (!CanBeOverdue(phase) || state.ExpiresAt > now) continue;
            overdue++;
            if (state.ExpiresAt < overdueSince) overdueSince = state.ExpiresAt;
        }

        return new LiveFigures(
            [.. LivePhases.Select(phase => (phase, counts[(int)phase]))], suspended, overdue, Age(overdueSince, now),
            Age(stuckSince, now));
    }

    private static bool CanBeOverdue(SagaPhase phase) =>
        phase is SagaPhase.Doing or SagaPhase.Confirming or SagaPhase.Compensating;

    private static TimeSpan Age(DateTimeOffset since, DateTimeOffset now) => since < now ? now - since : TimeSpan.Zero;
}
