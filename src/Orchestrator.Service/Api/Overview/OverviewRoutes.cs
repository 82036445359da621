namespace Orchestrator.Service.Api.Overview;

/// <summary>The address of the overview.</summary>
internal static class OverviewRoutes
{
    /// <summary>Maps it.</summary>
    public static void MapOverview(this IEndpointRouteBuilder app) => app
        .MapGet(
            "/overview",
            (HttpContext http, OverviewEndpoint overview, CancellationToken cancel) => overview.GetAsync(http, cancel))
        .WithTags("Service")
        .WithSummary("How everything is: what wants attention, the last hour, the participants.")
        .Produces<OverviewBody>();
}
