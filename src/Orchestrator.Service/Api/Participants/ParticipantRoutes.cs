using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Participants;

/// <summary>The addresses of the participants' registry.</summary>
internal static class ParticipantRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapParticipants(this IEndpointRouteBuilder app)
    {
        app.MapGet("/participants", (ParticipantEndpoints endpoints) => endpoints.List())
            .WithTags("Participants")
            .WithSummary("Every registered participant.")
            .Produces<ParticipantListBody>();
        app.MapGet("/participants/{name}", (string name, ParticipantEndpoints endpoints) => endpoints.Get(name))
            .WithTags("Participants")
            .WithSummary("Where a participant is reached.")
            .Produces<ParticipantBody>()
            .Problems(404);
        app.MapPut("/participants/{name}", (HttpContext http, string name, ParticipantEndpoints endpoints) =>
                endpoints.PutAsync(http, name))
            .WithTags("Participants")
            .WithSummary("Adds, moves, pauses or limits a participant. Needs X-Actor.")
            .TakesBody("application/json")
            .Produces<ParticipantBody>()
            .Produces<ParticipantBody>(StatusCodes.Status201Created)
            .Problems(400, 413, 415, 422, 503);
        Release(app, "/participants/{name}/retry", "Everything that waits for a participant goes now.",
            (http, releases) => releases.ReleaseAsync(http, (string)http.GetRouteValue("name")!));
        Release(app, "/participants/retry", "Everything that waits for any participant goes now.",
            (http, releases) => releases.ReleaseAsync(http, null));
    }

    private static void Release(
        IEndpointRouteBuilder app, string path, string summary,
        Func<HttpContext, ReleaseEndpoint, Task<IResult>> run) => app
        .MapPost(path, (HttpContext http, ReleaseEndpoint releases) => run(http, releases))
        .WithTags("Participants")
        .WithSummary(summary + " Needs X-Actor.")
        .WithDescription(
            "Query: definition, for its sagas alone. Body: {dryRun?, reason?}; with dryRun it only counts them.")
        .TakesBody("application/json")
        .Produces<ReleaseBody>(StatusCodes.Status202Accepted)
        .Produces<ReleaseBody>()
        .Problems(400, 404, 413, 415, 422, 503);
}
