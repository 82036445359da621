using Orchestrator.Service.Api;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Health;

/// <summary>The addresses of health.</summary>
internal static class HealthRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => JsonAnswer.Ok(new AliveBody(true), WireJson.Types.AliveBody))
            .WithTags("Service")
            .WithSummary("200 while the process is alive.")
            .Produces<AliveBody>();
        app.MapGet("/readyz", (Readiness readiness) => Answer(readiness))
            .WithTags("Service")
            .WithSummary("200 while starts are accepted; else 503 with the reason.")
            .Produces<ReadyBody>()
            .Problems(503);
    }

    private static IResult Answer(Readiness readiness) => readiness.WhyNot() is { } reason
        ? Problem.Unavailable(ProblemCodes.NotReady, reason)
        : JsonAnswer.Ok(
            new ReadyBody(true, readiness.OldestDueAge.TotalSeconds, readiness.Warning), WireJson.Types.ReadyBody);
}
