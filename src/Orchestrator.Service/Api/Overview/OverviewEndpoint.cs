using Orchestrator.Engine;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Alerts;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Health;
using Orchestrator.Service.Hosting;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Overview;

/// <summary>
/// <c>GET /overview</c>. However many look, it is made with a bounded share of one processor: an open page must not
/// cost the sagas anything. Safe for any number of threads.
/// </summary>
internal sealed class OverviewEndpoint(
    ISagaQueries queries, IEngineHealth health, Readiness readiness, IParticipantRegistry registry, RecentCalls recent,
    IAlerts alerts, ISagaMinutes minutes, ServiceSettings settings, TimeProvider time)
{
    private const int RecentSeconds = 60;

    /// <summary>Of so many parts of the time, making it may take one.</summary>
    private const int Share = 50;

    /// <summary>The same for the counts, which read of every finished saga too.</summary>
    private const int CountShare = 200;

    private static readonly TimeSpan LeastApart = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private Task<OverviewBody>? made;
    private long stale;
    private IReadOnlyList<SagaCount> counts = [];
    private long countsStale = long.MinValue;
    private IReadOnlyList<MinuteFigures> hour = [];
    private long hourStale = long.MinValue;

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

    // Two never read at once: whoever comes while one is read gets what it finds, and sees by its number of changes
    // whether that is enough.
    private Task<OverviewBody> ReadAsync()
    {
        lock (gate)
        {
            var isFresh = made is { IsCompletedSuccessfully: true } && time.GetTimestamp() < Volatile.Read(ref stale);
            return isFresh || made is { IsCompleted: false } ? made! : made = TimedAsync();
        }
    }

    private async Task<OverviewBody> TimedAsync()
    {
        if (time.GetTimestamp() >= countsStale)
        {
            var asked = time.GetTimestamp();
            counts = await queries.CountAsync(CancellationToken.None);
            countsStale = After(asked, CountShare);
        }

        var began = time.GetTimestamp();
        if (began >= hourStale)
        {
            hour = await minutes.ReadAsync(CancellationToken.None);
            hourStale = After(began, CountShare);
            began = time.GetTimestamp();
        }

        var body = await MakeAsync();
        Volatile.Write(ref stale, After(began, Share));
        return body;
    }

    // When what began then and ends now may be done again.
    private long After(long began, int share)
    {
        var apart = time.GetElapsedTime(began) * share;
        if (apart < LeastApart) apart = LeastApart;
        return time.GetTimestamp() + (long)(apart.TotalSeconds * time.TimestampFrequency);
    }

    private async Task<OverviewBody> MakeAsync()
    {
        var change = health.Figures.Commits;
        var now = time.GetUtcNow();
        var attention = await queries.AttentionAsync(now, CancellationToken.None);
        var standings = await alerts.ReadAsync(CancellationToken.None);
        var figures = health.Figures;
        var notReady = readiness.WhyNot();
        return new OverviewBody(
            now,
            change,
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
            [.. hour.Select(
                minute => new MinuteBody(minute.At, minute.Started, minute.Completed, minute.Compensated))],
            [.. registry.List().Select(entry => HealthOf(entry, figures))],
            new AlertFiguresBody(standings.Count, standings.Count(standing => standing.Error is not null)));
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
