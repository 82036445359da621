using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Alerts;

/// <summary>The addresses of alerts.</summary>
internal static class AlertRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/alerts", (HttpContext http, AlertEndpoints alerts) => alerts.ListAsync(http))
            .WithTags("Alerts")
            .WithSummary("Who is told when a saga is stuck, overdue or in doubt, and whether it arrives.")
            .Produces<AlertListBody>()
            .Problems(503);
        app.MapPost("/alerts/test", (HttpContext http, AlertEndpoints alerts) => alerts.TestAsync(http))
            .WithTags("Alerts")
            .WithSummary("Sends every target a test now. Needs X-Actor.")
            .TakesBody("application/json")
            .Produces<AlertTestBody>()
            .Problems(400, 413, 415, 422, 503);
    }
}
