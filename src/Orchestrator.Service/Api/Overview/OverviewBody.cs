using Orchestrator.Service.Api.Alerts;
using Orchestrator.Service.Api.Sagas;

namespace Orchestrator.Service.Api.Overview;

/// <summary>
/// Answer of <c>GET /overview</c>: how everything is, at one instant. <c>change</c> is the number of the pulse that it
/// has seen at least.
/// </summary>
internal sealed record OverviewBody(
    DateTimeOffset AsOf,
    long Change,
    bool Ready,
    string? NotReady,
    string? Warning,
    string Engine,
    long Live,
    long Stuck,
    long InDoubt,
    long Overdue,
    long Suspended,
    double? OldestStuckSeconds,
    double? OldestInDoubtSeconds,
    double? OldestOverdueSeconds,
    double OldestDueSeconds,
    IReadOnlyList<CountBody> Counts,
    IReadOnlyList<MinuteBody> Minutes,
    IReadOnlyList<ParticipantHealthBody> Participants,
    AlertFiguresBody Alerts);

/// <summary>What started and ended in a minute.</summary>
internal sealed record MinuteBody(DateTimeOffset At, long Started, long Completed, long Compensated);

/// <summary>How a participant is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is reached, in words.</param>
/// <param name="Paused">Its calls are kept back.</param>
/// <param name="Concurrency">How many calls may be under way.</param>
/// <param name="UnderWay">Calls under way.</param>
/// <param name="Waiting">Calls that wait for a place.</param>
/// <param name="Recent">The calls of the last minute.</param>
/// <param name="LastAnswerAt">When it last answered, since the service started.</param>
/// <param name="LastFailureAt">When a call last failed, since the service started.</param>
/// <param name="LastFailure">What became of that call.</param>
internal sealed record ParticipantHealthBody(
    string Name,
    string Address,
    bool Paused,
    int Concurrency,
    long UnderWay,
    long Waiting,
    RecentBody Recent,
    DateTimeOffset? LastAnswerAt,
    DateTimeOffset? LastFailureAt,
    string? LastFailure);

/// <summary>The calls of the last seconds.</summary>
internal sealed record RecentBody(int Seconds, long Calls, long Failures, double? P50Ms, double? P99Ms);
