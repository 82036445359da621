using Orchestrator.Engine;
using Orchestrator.Service.Api;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Health;

/// <summary>The addresses of health.</summary>
internal static class HealthRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (IEngineHealth engine) => AnswerAlive(engine))
            .WithTags("Service")
            .WithSummary("200 while the process is alive; 503 once nothing but a restart helps.")
            .Produces<AliveBody>()
            .Problems(503);
        app.MapGet("/readyz", (Readiness readiness) => Answer(readiness))
            .WithTags("Service")
            .WithSummary("200 while starts are accepted; else 503 with the reason.")
            .Produces<ReadyBody>()
            .Problems(503);
    }

    private static IResult AnswerAlive(IEngineHealth engine) => engine.Dead is { } reason
        ? Problem.Unavailable(ProblemCodes.NotAlive, reason)
        : JsonAnswer.Ok(new AliveBody(true), WireJson.Types.AliveBody);

    private static IResult Answer(Readiness readiness) => readiness.WhyNot() is { } reason
        ? Problem.Unavailable(ProblemCodes.NotReady, reason)
        : JsonAnswer.Ok(
            new ReadyBody(true, readiness.OldestDueAge.TotalSeconds, readiness.Warning), WireJson.Types.ReadyBody);
}
