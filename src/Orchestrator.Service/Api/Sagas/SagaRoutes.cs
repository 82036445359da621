using Orchestrator.Service.Api.Owners;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Streams;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>The addresses of sagas.</summary>
internal static class SagaRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapSagas(this IEndpointRouteBuilder app)
    {
        MapStart(app);
        MapReads(app);
        // What is done to a saga is done by the orchestrator that owns it.
        app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, OwnerFilter>().MapVerbs();
        MapStreams(app);
    }

    private static void MapStart(IEndpointRouteBuilder app) => app
        .MapPost("/sagas/{definition}", (HttpContext http, string definition, StartEndpoint endpoint) =>
            endpoint.StartAsync(http, definition))
        .WithTags("Sagas")
        .WithSummary("Starts a saga; the body is its input, any JSON value.")
        .WithDescription("Query: deadline=, key=, tag.NAME=. Headers: Idempotency-Key, Prefer: wait=10, traceparent.")
        .TakesBody("application/json")
        .Produces<StartedBody>(StatusCodes.Status202Accepted)
        .Produces<SagaBody>()
        .Problems(400, 404, 409, 413, 415, 422, 503);

    private static void MapReads(IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/sagas", (HttpContext http, ReadEndpoints read, CancellationToken cancel) => read.ListAsync(http, cancel))
            .WithTags("Sagas")
            .WithSummary("A page of sagas, newest first.")
            .WithDescription(
                "Query: definition=, phase=, outcome=, stuck=, inDoubt=, suspended=, overdue=, key=, tag.NAME=, "
                + "from=, to=, cursor=, limit=.")
            .Produces<ListBody>()
            .Problems(400, 422);
        app.MapGet("/sagas/counts", (ReadEndpoints read, CancellationToken cancel) => read.CountsAsync(cancel))
            .WithTags("Sagas")
            .WithSummary("Sagas per definition and phase, with the oldest of each.")
            .Produces<CountsBody>();
        app.MapGet(
            "/sagas/{id}",
            (HttpContext http, string id, ReadEndpoints read, CancellationToken cancel) =>
                read.GetAsync(http, id, cancel))
            .WithTags("Sagas")
            .WithSummary("One saga.")
            .Produces<SagaBody>()
            .Problems(404);
        app.MapGet(
            "/sagas/{id}/ledgers",
            (HttpContext http, string id, LedgerEndpoint ledgers, CancellationToken cancel) =>
                ledgers.GetAsync(http, id, cancel))
            .WithTags("Sagas")
            .WithSummary("What each called participant's own ledger says, asked now.")
            .Produces<LedgersBody>()
            .Problems(404);
        app.MapGet(
            "/sagas/{id}/history",
            (HttpContext http, string id, ReadEndpoints read, CancellationToken cancel) =>
                read.HistoryAsync(http, id, cancel))
            .WithTags("Sagas")
            .WithSummary("Every event of a saga, in order.")
            .Produces<HistoryBody>()
            .Problems(404);
    }

    private static void MapStreams(IEndpointRouteBuilder app)
    {
        app.MapGet("/events/pulse", (HttpContext http, EventStreams streams) => streams.PulseAsync(http))
            .WithTags("Events")
            .WithSummary("Server-sent events: says that something changed, at most four times a second.")
            .Produces<string>(contentType: EventStreams.ContentType)
            .Problems(503);
        app.MapGet(
            "/sagas/{id}/events", (HttpContext http, string id, EventStreams streams) => streams.OneAsync(http, id))
            .WithTags("Events")
            .WithSummary("Server-sent events: the saga as it is, then each change of it.")
            .Produces<SummaryBody>(contentType: EventStreams.ContentType)
            .Problems(400, 404, 503);
        app.MapGet("/events", (HttpContext http, EventStreams streams) => streams.AllAsync(http))
            .WithTags("Events")
            .WithSummary("Server-sent events: each change of any saga, from now on or after Last-Event-ID.")
            .Produces<SummaryBody>(contentType: EventStreams.ContentType)
            .Problems(400, 503);
    }
}
