using Orchestrator.Engine.Ports;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Batches;

/// <summary>Which batches a caller sees: all, or, with a role for single definitions alone, their own.</summary>
internal static class BatchSight
{
    /// <summary>A batch that the caller may see; null when there is none.</summary>
    public static async Task<BatchSummary?> FindAsync(HttpContext http, IBatchQueries queries, string id)
    {
        var batch = await queries.FindAsync(id, http.RequestAborted);
        return OnlyOf(http) is { } actor && batch?.Row.Actor != actor ? null : batch;
    }

    /// <summary>The actor whose batches the caller may see; null when they may see all.</summary>
    public static string? OnlyOf(HttpContext http)
    {
        var caller = Caller.Of(http);
        return caller.May(SagaRole.Viewer, null) ? null : caller.Name;
    }
}
