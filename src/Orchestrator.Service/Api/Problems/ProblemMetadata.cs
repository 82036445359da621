namespace Orchestrator.Service.Api.Problems;

/// <summary>Names in the OpenAPI document the problems an address may answer.</summary>
internal static class ProblemMetadata
{
    /// <summary>Adds one entry per HTTP status.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemBody>(status, Problem.ContentType);
        return route;
    }
}
