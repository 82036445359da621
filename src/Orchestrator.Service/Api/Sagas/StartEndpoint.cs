using System.Diagnostics;
using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary><c>POST /sagas/{definition}</c>: the hot path.</summary>
internal sealed class StartEndpoint(
    ISagaEngine engine, IEngineHealth health, IDefinitionCatalog catalog, StartAgain again, WaitForEnd wait,
    TimeProvider time)
{
    /// <summary>Checks the shape and starts the saga.</summary>
    public async Task<IResult> StartAsync(HttpContext http, string definition)
    {
        var known = catalog.Find(definition);
        if (known is null) return Unknown(definition);
        if (!BodyReader.IsJson(http.Request.ContentType))
            return BodyProblems.WrongType(http.Request.ContentType, "application/json");
        if (IdempotencyKey.TryRead(http.Request.Headers, out var key) is { } badKey) return badKey;
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.BodyBytes, http.RequestAborted);
        if ((body.Problem ?? JsonCheck.Check(body.Bytes)) is { } badBody) return badBody;
        var digest = key is null ? [] : IdempotencyKey.Digest(http.Request.QueryString, body.Bytes);
        var now = Instants.ToMilliseconds(time.GetUtcNow());
        if (StartQuery.TryRead(http.Request.QueryString, known, now, out var query)
            is { } badQuery)
        {
            return await again.FindAsync(http, definition, key, digest) ?? badQuery;
        }

        var outcome = await engine.StartAsync(
            Request(http, known, query, body.Bytes, key, digest), http.RequestAborted);
        return await AnswerAsync(http, outcome);
    }

    private static StartRequest Request(
        HttpContext http, SagaDefinition definition, StartQuery query, byte[] body, string? key, byte[] digest) => new()
        {
            Definition = definition,
            Input = new JsonData(body),
            ExpiresAt = query.ExpiresAt,
            IdempotencyKey = key,
            Digest = digest,
            BusinessKey = query.BusinessKey,
            Tags = query.Tags,
            TraceParent = TraceHeader.Read(http.Request.Headers.TraceParent),
        };

    private Task<IResult> AnswerAsync(HttpContext http, StartOutcome outcome) => outcome switch
    {
        StartOutcome.Started started => StartedAsync(http, started.Saga, StatusCodes.Status202Accepted),
        StartOutcome.AlreadyStarted started => StartedAsync(http, started.Saga, StatusCodes.Status200OK),
        StartOutcome.KeyReused reused => Task.FromResult<IResult>(StartProblems.KeyReused(reused.SagaId)),
        StartOutcome.Unavailable unavailable =>
            Task.FromResult<IResult>(Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text)),
        _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private Task<IResult> StartedAsync(HttpContext http, StartedSaga saga, int status)
    {
        http.Response.Headers.Location = $"/sagas/{saga.Start.SagaId}";
        return PreferHeader.Wait(http.Request.Headers["Prefer"]) is { } limit
            ? WaitAsync(http, saga, limit)
            : Task.FromResult<IResult>(
                new JsonAnswer<StartedBody>(status, SagaView.Started(saga), WireJson.Types.StartedBody));
    }

    private async Task<IResult> WaitAsync(HttpContext http, StartedSaga saga, TimeSpan limit)
    {
        http.Response.Headers["Preference-Applied"] =
            string.Create(CultureInfo.InvariantCulture, $"wait={(int)limit.TotalSeconds}");
        var now = await wait.ForAsync(saga, limit, http.RequestAborted);
        return now is Ended
            ? JsonAnswer.Ok(SagaView.Whole(now, http), WireJson.Types.SagaBody)
            : JsonAnswer.Accepted(SagaView.Started(now), WireJson.Types.StartedBody);
    }

    /// <summary>While the engine starts it has read no definition yet, and "there is none" would be untrue.</summary>
    private Problem Unknown(string definition)
    {
        if (health.NotReady is { } reason)
            return Problem.Unavailable(ProblemCodes.Unavailable, $"Nothing was started: {reason}");
        var names = catalog.List().Select(stored => stored.Definition.Name).Distinct().ToArray();
        return Problem.NotFound($"There is no definition of this name. {NearestName.Suggest(definition, names)} "
            + "PUT /definitions/{name} stores one.");
    }
}
