using Orchestrator.Engine;
using Orchestrator.Service.Health;

namespace Orchestrator.Service.Telemetry;

/// <summary><c>/metrics</c>.</summary>
internal static class MetricsRoutes
{
    /// <summary>Maps it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) => app
        .MapGet("/metrics", (IEngineHealth engine, Readiness readiness) =>
            TypedResults.Text(Write(engine, readiness), MetricsText.ContentType))
        .WithTags("Service")
        .WithSummary("Figures in the Prometheus text format.")
        .Produces<string>(contentType: "text/plain");

    private static string Write(IEngineHealth engine, Readiness readiness)
    {
        var text = new MetricsText().Gauge(
            "orchestrator_ready", "1 while starts are accepted, else 0.", readiness.WhyNot() is null ? 1 : 0).Gauge(
            "orchestrator_warning", "1 while /readyz tells of something a person should change, else 0.",
            readiness.Warning is null ? 0 : 1);
        EngineMetrics.WriteTo(text, engine.Figures);
        ProcessMetrics.WriteTo(text);
        return text.ToString();
    }
}
