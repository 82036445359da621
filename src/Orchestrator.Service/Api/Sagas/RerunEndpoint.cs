using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary><c>POST /sagas/{id}/rerun</c>: runs an ended saga again as a new one.</summary>
internal sealed class RerunEndpoint(
    ISagaEngine engine, IDefinitionCatalog catalog, StartAgain again, TimeProvider time)
{
    private static readonly string[] Known = ["deadline", "input", "force"];

    /// <summary>Checks the shape and starts the new saga.</summary>
    public async Task<IResult> RerunAsync(HttpContext http, string id)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        if (IdempotencyKey.TryRead(http.Request.Headers, out var key) is { } badKey) return badKey;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.BodyBytes, Known, Wish.Read, http.RequestAborted);
        if (body.Problem is { } bad) return bad;
        if (await engine.FindAsync(id, http.RequestAborted) is not { } saga) return ReadEndpoints.Unknown();
        if (catalog.Find(saga.Start.Definition) is not { } definition)
            return Problem.Unavailable(ProblemCodes.Unavailable, "The engine is starting. Try again in a moment.");
        // No start has such a query, so a key that was used for one is never taken for a rerun's.
        var digest = key is null ? [] : IdempotencyKey.Digest(new QueryString($"?rerun-of={id}"), body.Bytes);
        var problems = new List<ProblemItem>();
        var now = Instants.ToMilliseconds(time.GetUtcNow());
        var expiresAt = body.Value.Deadline is { } text
            ? StartDeadline.Read(text, definition, now, problems)
            : now + definition.Deadline;
        if (expiresAt is not { } until)
        {
            return await again.FindAsync(http, definition.Name, key, digest)
                ?? Problem.Invalid("deadline", $"Nothing was started: {problems[0].Message}", problems);
        }

        var start = Start(http, saga, definition, body.Value.Input, until);
        start = start with { IdempotencyKey = key, Digest = digest };
        return Answer(http, await engine.RerunAsync(body.Value.Of(id, actor, start), http.RequestAborted));
    }

    private static StartRequest Start(
        HttpContext http, StartedSaga saga, SagaDefinition definition, JsonData? input, DateTimeOffset until) => new()
        {
            Definition = definition,
            Input = input ?? saga.Start.Input,
            ExpiresAt = until,
            BusinessKey = saga.Start.BusinessKey,
            Tags = saga.Start.Tags,
            TraceParent = TraceHeader.Read(http.Request.Headers.TraceParent),
        };

    private static IResult Answer(HttpContext http, RerunOutcome outcome) => outcome switch
    {
        RerunOutcome.Started started => Started(http, started.Start),
        RerunOutcome.Refused refused => VerbAnswers.Refused(refused.Ruling),
        RerunOutcome.NotFound => ReadEndpoints.Unknown(),
        _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static IResult Started(HttpContext http, StartOutcome outcome) => outcome switch
    {
        StartOutcome.Started started => Shown(http, started.Saga, StatusCodes.Status202Accepted),
        StartOutcome.AlreadyStarted started => Shown(http, started.Saga, StatusCodes.Status200OK),
        StartOutcome.KeyReused reused => StartProblems.KeyReused(reused.SagaId),
        StartOutcome.Unavailable unavailable => Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text),
        _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static JsonAnswer<SagaBody> Shown(HttpContext http, StartedSaga saga, int status)
    {
        http.Response.Headers.Location = $"/sagas/{saga.Start.SagaId}";
        return new JsonAnswer<SagaBody>(status, SagaView.Whole(saga, http), WireJson.Types.SagaBody);
    }

    private sealed record Wish(string? Deadline, JsonData? Input, bool Force, string? Reason)
    {
        public static Wish Read(BodyFields fields, string? reason) => new(
            fields.Text("deadline", ServiceLimits.ReasonLength),
            fields.Data("input"),
            fields.Flag("force") ?? false,
            reason);

        public RerunRequest Of(string id, string actor, StartRequest start) =>
            new() { SagaId = id, Actor = actor, Reason = Reason, Force = Force, Start = start };
    }
}
