using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Health;
using Orchestrator.Service.Hosting;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Overview;

/// <summary>
/// <c>GET /overview</c>. Made at most twice a second, however many look: an open page must not cost the sagas anything.
/// Safe for any number of threads.
/// </summary>
internal sealed class OverviewEndpoint(
    ISagaQueries queries, IEngineHealth health, Readiness readiness, IParticipantRegistry registry, RecentCalls recent,
    ServiceSettings settings, TimeProvider time)
{
    private const int RecentSeconds = 60;
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private Task<OverviewBody>? made;
    private long madeAt;

    /// <summary>Answers how everything is.</summary>
    public async Task<IResult> GetAsync(HttpContext http, CancellationToken cancel)
    {
        var body = await ReadAsync().WaitAsync(cancel);
        // What a participant last said may repeat what is secret.
        if (Sight.Of(http).HidesWords())
            body = body with { Participants = [.. body.Participants.Select(Hidden)] };
        return JsonAnswer.Ok(body, WireJson.Types.OverviewBody);
    }

    private static ParticipantHealthBody Hidden(ParticipantHealthBody health) =>
        health with { LastFailure = Sight.Words(health.LastFailure, true) };

    private Task<OverviewBody> ReadAsync()
    {
        lock (gate)
        {
            var isFresh = made is not null && time.GetElapsedTime(madeAt) < Freshness;
            if (isFresh && made is { IsFaulted: false, IsCanceled: false }) return made;
            // Two never read at once: whoever comes while one is read gets what it finds.
            if (made is { IsCompleted: false }) return made;
            madeAt = time.GetTimestamp();
            return made = MakeAsync();
        }
    }

    private async Task<OverviewBody> MakeAsync()
    {
        var now = time.GetUtcNow();
        var counts = await queries.CountAsync(CancellationToken.None);
        var attention = await queries.AttentionAsync(now, CancellationToken.None);
        var figures = health.Figures;
        var notReady = readiness.WhyNot();
        return new OverviewBody(
            now,
            notReady is null,
            notReady,
            health.Warning,
            settings.Engine,
            attention.Live,
            attention.Stuck,
            attention.InDoubt,
            attention.Overdue,
            attention.Suspended,
            Age(attention.OldestStuckStartedAt, now),
            attention.InDoubt == 0 ? null : figures.OldestInDoubtAge.TotalSeconds,
            Age(attention.OldestOverdueExpiresAt, now),
            figures.OldestDueAge.TotalSeconds,
            [.. counts.Select(count => CountBody.Of(count, now))],
            [.. figures.Minutes.Select(
                minute => new MinuteBody(minute.At, minute.Started, minute.Completed, minute.Compensated))],
            [.. registry.List().Select(entry => HealthOf(entry, figures))]);
    }

    private ParticipantHealthBody HealthOf(ParticipantEntry entry, EngineFigures figures)
    {
        var calls = figures.Participants.FirstOrDefault(participant => participant.Name == entry.Name);
        var minute = recent.Of(entry.Name);
        return new ParticipantHealthBody(
            entry.Name,
            (entry.App is null ? $"{entry.Url}".TrimEnd('/') : $"app {entry.App}")
                + (entry.ViaPubSub ? " via pubsub" : ""),
            entry.Paused,
            entry.Concurrency,
            calls?.UnderWay ?? 0,
            calls?.Waiting ?? 0,
            new RecentBody(
                RecentSeconds, minute.Calls, minute.Failures, minute.Median?.TotalMilliseconds,
                minute.P99?.TotalMilliseconds),
            minute.LastAnswerAt,
            minute.LastFailureAt,
            minute.LastFailure);
    }

    private static double? Age(DateTimeOffset? since, DateTimeOffset now) =>
        since is null ? null : Math.Max(0, (now - since.Value).TotalSeconds);
}
