using Orchestrator.Engine;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Alerts;

/// <summary>Shows where alerts go and whether they arrive, and tries it. Safe for any number of threads.</summary>
internal sealed class AlertEndpoints(IAlerts alerts) : IDisposable
{
    private readonly SemaphoreSlim testing = new(1, 1);

    /// <summary><c>GET /alerts</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var isAdmin = Caller.Of(http).May(SagaRole.Admin, null);
        var standings = await alerts.ReadAsync(http.RequestAborted);
        return JsonAnswer.Ok(
            new AlertListBody([.. standings.Select(standing => Show(standing, isAdmin))]),
            WireJson.Types.AlertListBody);
    }

    /// <summary><c>POST /alerts/test</c>: one at a time, for it sends to others.</summary>
    public async Task<IResult> TestAsync(HttpContext http)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.SmallBodyBytes, [], (_, reason) => reason, http.RequestAborted);
        if (body.Problem is { } bad) return bad;
        if (!await testing.WaitAsync(TimeSpan.Zero))
            return Problem.Unavailable(ProblemCodes.Unavailable, "A test is just being sent. Wait for its end.");
        try
        {
            var results = await alerts.TestAsync(actor, http.RequestAborted);
            return JsonAnswer.Ok(
                new AlertTestBody([.. results.Select(result => new AlertTriedBody(
                    result.Target.Name, result.Delivered, result.Status, result.Text))]),
                WireJson.Types.AlertTestBody);
        }
        finally
        {
            testing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => testing.Dispose();

    private static AlertTargetBody Show(AlertStanding standing, bool isAdmin) => new(
        standing.Target.Name,
        isAdmin ? standing.Target.Url.AbsoluteUri : standing.Target.Url.Authority,
        [.. standing.Target.On.Select(Words.Of)],
        standing.DeliveredAt,
        standing.FailedAt,
        standing.Error,
        standing.Waiting);
}
