using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Audit;

/// <summary>The address of the audit list.</summary>
internal static class AuditRoutes
{
    /// <summary>Maps it.</summary>
    public static void MapAudit(this IEndpointRouteBuilder app) => app
        .MapGet("/audit", (HttpContext http, AuditEndpoint audit) => audit.ListAsync(http))
        .WithTags("Service")
        .WithSummary("Who asked for what, when and why, and what became of it; newest first.")
        .WithDescription("Query: actor=, verb=, saga=, definition=, cursor=, limit=.")
        .Produces<AuditListBody>()
        .Problems(400, 422);
}
