using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Batches;

/// <summary>The addresses of batches.</summary>
internal static class BatchRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapBatches(this IEndpointRouteBuilder app)
    {
        app.MapPost("/batches", (HttpContext http, BatchEndpoints batches) => batches.CreateAsync(http))
            .WithTags("Batches")
            .WithSummary("One verb on many sagas, or with dryRun what it would do. Needs X-Actor.")
            .WithDescription(
                "Body: {filter or ids, verb, args?, dryRun?}; filter has the names of GET /sagas. Header: "
                + "Idempotency-Key; the same request again is answered 200 with the same batch.")
            .TakesBody("application/json")
            .Produces<BatchBody>(StatusCodes.Status202Accepted)
            .Produces<BatchPreviewBody>()
            .Problems(400, 409, 413, 415, 422, 503);
        app.MapPost(
            "/batches/{id}/stop", (HttpContext http, string id, BatchEndpoints batches) => batches.StopAsync(http, id))
            .WithTags("Batches")
            .WithSummary("Leaves the sagas alone that it has not come to. Needs X-Actor; the body may give a reason.")
            .TakesBody("application/json")
            .Produces<BatchBody>(StatusCodes.Status202Accepted)
            .Problems(400, 404, 409, 413, 415, 422, 503);
        app.MapGet("/batches", (HttpContext http, BatchEndpoints batches) => batches.ListAsync(http))
            .WithTags("Batches")
            .WithSummary("A page of batches, newest first.")
            .WithDescription("Query: cursor=, limit=.")
            .Produces<BatchListBody>()
            .Problems(400, 422);
        app.MapGet("/batches/{id}", (HttpContext http, string id, BatchEndpoints batches) => batches.GetAsync(http, id))
            .WithTags("Batches")
            .WithSummary("One batch and how far it is.")
            .Produces<BatchBody>()
            .Problems(404);
        app.MapGet(
            "/batches/{id}/results",
            (HttpContext http, string id, BatchResultsEndpoint results) => results.ListAsync(http, id))
            .WithTags("Batches")
            .WithSummary(
                "What became of each saga of a batch, in the order of their ids, and the saga as it is now.")
            .WithDescription("Query: result=accepted, refused or failed, cursor=, limit=.")
            .Produces<BatchAnswersBody>()
            .Problems(400, 404, 422);
    }
}
