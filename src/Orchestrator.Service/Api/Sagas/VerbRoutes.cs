using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>The addresses of what operators do to sagas.</summary>
internal static class VerbRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapVerbs(this IEndpointRouteBuilder app)
    {
        Verb(app, "/cancel", "Undoes everything.", (http, id, verbs) => verbs.CancelAsync(http, id));
        Verb(app, "/retry", "Sends now what waits.", (http, id, verbs) => verbs.RetryAsync(http, id));
        Verb(app, "/suspend", "Holds back everything but undos; the deadline still rules.",
            (http, id, verbs) => verbs.SuspendAsync(http, id));
        Verb(app, "/resume", "Lets a suspended saga go on.", (http, id, verbs) => verbs.ResumeAsync(http, id));
        MapExtend(app);
        MapSteps(app);
        MapEnded(app);
    }

    private static void Verb(
        IEndpointRouteBuilder app, string verb, string summary,
        Func<HttpContext, string, VerbEndpoints, Task<IResult>> run) => app
        .MapPost("/sagas/{id}" + verb, (HttpContext http, string id, VerbEndpoints verbs) => run(http, id, verbs))
        .WithTags("Verbs")
        .WithSummary(summary + " Needs X-Actor; the body may give a reason.")
        .TakesBody("application/json")
        .Produces<SagaBody>(StatusCodes.Status202Accepted)
        .Problems(400, 404, 409, 413, 415, 422, 503);

    private static void MapExtend(IEndpointRouteBuilder app) => app
        .MapPost("/sagas/{id}/extend", (HttpContext http, string id, ExtendEndpoint extend) =>
            extend.ExtendAsync(http, id))
        .WithTags("Verbs")
        .WithSummary("Postpones the deadline, once every participant that was called agrees. Needs X-Actor.")
        .WithDescription("Body: {deadline, reason?}; a duration counts from now. 202 when they are still being asked.")
        .TakesBody("application/json")
        .Produces<SagaBody>()
        .Produces<SagaBody>(StatusCodes.Status202Accepted)
        .Problems(400, 404, 409, 413, 415, 422, 503);

    private static void MapSteps(IEndpointRouteBuilder app)
    {
        app.MapPost(
            "/sagas/{id}/steps/{step}/resend",
            (HttpContext http, string id, string step, StepEndpoints steps) => steps.ResendAsync(http, id, step))
            .WithTags("Verbs")
            .WithSummary("Sends now what waits of a step, or does it with other data. Needs X-Actor.")
            .WithDescription(
                "Body: {data?, reason?}. With data the step gets a new ledger key once the old one is barred.")
            .TakesBody("application/json")
            .Produces<SagaBody>(StatusCodes.Status202Accepted)
            .Problems(400, 404, 409, 413, 415, 422, 503);
        app.MapPost(
            "/sagas/{id}/steps/{step}/resolve",
            (HttpContext http, string id, string step, StepEndpoints steps) => steps.ResolveAsync(http, id, step))
            .WithTags("Verbs")
            .WithSummary("Takes a person's word for what became of a step. Needs X-Actor.")
            .WithDescription("Body: {as, output?, reason?}; as is done or undone.")
            .TakesBody("application/json")
            .Produces<SagaBody>(StatusCodes.Status202Accepted)
            .Problems(400, 404, 409, 413, 415, 422, 503);
    }

    private static void MapEnded(IEndpointRouteBuilder app)
    {
        app.MapPost(
            "/sagas/{id}/rerun", (HttpContext http, string id, RerunEndpoint rerun) => rerun.RerunAsync(http, id))
            .WithTags("Verbs")
            .WithSummary("Runs an ended saga again as a new one; both name each other. Needs X-Actor.")
            .WithDescription("Body: {deadline?, input?, force?, reason?}. Headers: Idempotency-Key, traceparent.")
            .TakesBody("application/json")
            .Produces<SagaBody>(StatusCodes.Status202Accepted)
            .Produces<SagaBody>()
            .Problems(400, 404, 409, 413, 415, 422, 503);
        app.MapDelete("/sagas/{id}", (HttpContext http, string id, VerbEndpoints verbs) => verbs.DeleteAsync(http, id))
            .WithTags("Verbs")
            .WithSummary("Deletes a finished saga. Needs X-Actor.")
            .Produces(StatusCodes.Status204NoContent)
            .Problems(400, 404, 409, 503);
    }
}
