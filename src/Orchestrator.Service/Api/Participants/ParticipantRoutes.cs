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
            .WithSummary("Adds, moves, pauses or limits a participant: url, concurrency, paused. Needs X-Actor.")
            .TakesBody("application/json")
            .Produces<ParticipantBody>()
            .Produces<ParticipantBody>(StatusCodes.Status201Created)
            .Problems(400, 413, 415, 422, 503);
    }
}
