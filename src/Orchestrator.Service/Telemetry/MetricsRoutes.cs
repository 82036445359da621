namespace Orchestrator.Service.Telemetry;

/// <summary><c>/metrics</c>.</summary>
internal static class MetricsRoutes
{
    /// <summary>Maps it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) => app
        .MapGet("/metrics", (FigureReader figures) =>
            TypedResults.Text(Write(figures.Read()), MetricsText.ContentType))
        .WithTags("Service")
        .WithSummary("Figures in the Prometheus text format.")
        .Produces<string>(contentType: "text/plain");

    private static string Write(FigureReading reading)
    {
        var text = new MetricsText();
        foreach (var family in SagaFamilies.All.Concat(StoreFamilies.All)) text.Add(family, reading);
        foreach (var family in HistogramFamilies.All) text.Add(family, reading);
        return text.ToString();
    }
}
