using System.Text.Json;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>The addresses of definitions.</summary>
internal static class DefinitionRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapDefinitions(this IEndpointRouteBuilder app)
    {
        MapReads(app);
        MapTrial(app);
        app.MapPut("/definitions/{name}", (HttpContext http, string name, DefinitionEndpoints endpoints) =>
                endpoints.PutAsync(http, name))
            .WithTags("Definitions")
            .WithSummary("Stores the next version when it differs from the newest. YAML or JSON. Needs X-Actor.")
            .TakesBody("application/yaml", "application/json")
            .Produces<DefinitionPutBody>()
            .Produces<DefinitionPutBody>(StatusCodes.Status201Created)
            .Problems(400, 413, 415, 422, 503);
        app.MapPost("/definitions/{name}/validate", (HttpContext http, string name, DefinitionEndpoints endpoints) =>
                endpoints.ValidateAsync(http, name))
            .WithTags("Definitions")
            .WithSummary("Says whether a PUT would be taken, and stores nothing.")
            .TakesBody("application/yaml", "application/json")
            .Produces<DefinitionValidBody>()
            .Problems(413, 415, 422);
    }

    private static void MapTrial(IEndpointRouteBuilder app)
    {
        app.MapPost("/definitions/{name}/try", (HttpContext http, string name, TrialEndpoint trial) =>
                trial.TryAsync(http, name, null))
            .Trial("The newest version with a sample input.");
        app.MapPost(
                "/definitions/{name}/{version}/try",
                (HttpContext http, string name, string version, TrialEndpoint trial) =>
                    trial.TryAsync(http, name, version))
            .Trial("One version with a sample input.");
    }

    private static void Trial(this RouteHandlerBuilder route, string summary) => route
        .WithTags("Definitions")
        .WithSummary(summary + " Calls nobody, stores nothing.")
        .TakesBody("application/json")
        .Produces<TrialBody>()
        .Problems(400, 404, 413, 415, 422);

    private static void MapReads(IEndpointRouteBuilder app)
    {
        app.MapGet("/definitions", (DefinitionEndpoints endpoints) => endpoints.List())
            .WithTags("Definitions")
            .WithSummary("The newest version of every definition.")
            .Produces<DefinitionListBody>();
        app.MapGet(
            "/definitions/schema.json", () => TypedResults.Bytes(DefinitionSchema.Utf8, DefinitionSchema.ContentType))
            .WithTags("Definitions")
            .WithSummary("The JSON Schema of a definition's file.")
            .Produces<JsonElement>(contentType: DefinitionSchema.ContentType);
        app.MapGet("/definitions/{name}", (string name, DefinitionEndpoints endpoints) => endpoints.Get(name, null))
            .WithTags("Definitions")
            .WithSummary("The newest version of a definition.")
            .Produces<DefinitionBody>()
            .Problems(404);
        app.MapGet(
            "/definitions/{name}/versions",
            (string name, DefinitionEndpoints endpoints, CancellationToken cancel) =>
                endpoints.VersionsAsync(name, cancel))
            .WithTags("Definitions")
            .WithSummary("Every version of a definition, with how many sagas run on it.")
            .Produces<VersionsBody>()
            .Problems(404);
        app.MapGet("/definitions/{name}/{version}", (string name, string version, DefinitionEndpoints endpoints) =>
                endpoints.Get(name, version))
            .WithTags("Definitions")
            .WithSummary("One version of a definition.")
            .Produces<DefinitionBody>()
            .Problems(404);
    }
}
