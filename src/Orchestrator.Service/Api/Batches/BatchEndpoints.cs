using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Batches;

/// <summary>
/// Verbs on many sagas. Who has a role for single definitions alone uses it on their sagas, and sees the batches of
/// their own.
/// </summary>
internal sealed class BatchEndpoints(IBatches batches, IBatchQueries queries, TimeProvider time)
{
    /// <summary><c>POST /batches</c>.</summary>
    public async Task<IResult> CreateAsync(HttpContext http)
    {
        var nobody = ActorHeader.TryRead(http.Request.Headers, out var actor);
        var now = Instants.ToMilliseconds(time.GetUtcNow());
        var (read, bytes, problem) = await BatchReader.ReadAsync(http.Request, now, http.RequestAborted);
        if (problem is not null) return nobody ?? problem;
        var wish = read!;
        // Whoever only looks is not recorded.
        if (nobody is not null && !wish.DryRun) return nobody;
        if (IdempotencyKey.TryRead(http.Request.Headers, out var key) is { } badKey) return badKey;
        var caller = Caller.Of(http);
        var role = wish.Verb == BatchVerbs.Delete ? SagaRole.Admin : SagaRole.Operator;
        if (WhyNot(caller, role, wish) is { } forbidden) return forbidden;
        var request = new BatchRequest
        {
            Filter = wish.Filter,
            Ids = wish.Ids,
            Chosen = wish.Chosen,
            Verb = wish.Verb,
            Args = wish.Args,
            Actor = actor,
            Reason = wish.Reason,
            IdempotencyKey = key,
            Digest = key is null ? default : IdempotencyKey.Digest(http.Request.QueryString, bytes),
            May = definition => caller.May(role, definition),
        };
        return wish.DryRun
            ? Preview(await batches.PreviewAsync(request, http.RequestAborted))
            : Created(http, await batches.CreateAsync(request, http.RequestAborted));
    }

    /// <summary><c>GET /batches</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        if (PageQuery.TryRead(http.Request.QueryString, out var page) is { } bad) return bad;
        var found = await queries.ListAsync(BatchSight.OnlyOf(http), page.Cursor, page.Limit, http.RequestAborted);
        return JsonAnswer.Ok(
            new BatchListBody([.. found.Items.Select(batch => Body(http, batch))], found.Next),
            WireJson.Types.BatchListBody);
    }

    /// <summary><c>GET /batches/{id}</c>.</summary>
    public async Task<IResult> GetAsync(HttpContext http, string id) =>
        await FindAsync(http, id) is { } batch
            ? JsonAnswer.Ok(Body(http, batch), WireJson.Types.BatchBody)
            : BatchProblems.Unknown;

    /// <summary><c>POST /batches/{id}/stop</c>.</summary>
    public async Task<IResult> StopAsync(HttpContext http, string id)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.SmallBodyBytes, [], (_, reason) => reason, http.RequestAborted);
        if (body.Problem is { } bad) return bad;
        if (await FindAsync(http, id) is null) return BatchProblems.Unknown;
        return await batches.StopAsync(id, actor, body.Value, http.RequestAborted) switch
        {
            StopOutcome.Stopped stopped => JsonAnswer.Accepted(Body(http, stopped.Batch), WireJson.Types.BatchBody),
            StopOutcome.AlreadyEnded ended => BatchProblems.HasEnded(Word(ended.Batch.State)),
            StopOutcome.NotFound => BatchProblems.Unknown,
            StopOutcome.Unavailable unavailable => Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text),
            var other => throw new UnreachableException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    private static Problem? WhyNot(Caller caller, SagaRole role, BatchWish wish)
    {
        if (caller.May(role, null)) return null;
        if (!caller.MaySomewhere(role)) return AccessProblems.Needs(new Grant(role, null));
        if (wish.Filter is not { } filter) return null;
        if (filter.Definition is not { } definition) return AccessProblems.ForOneDefinition(role);
        return caller.May(role, definition) ? null : AccessProblems.Needs(new Grant(role, definition));
    }

    private Task<BatchSummary?> FindAsync(HttpContext http, string id) => BatchSight.FindAsync(http, queries, id);

    private static IResult Created(HttpContext http, BatchOutcome outcome)
    {
        switch (outcome)
        {
            case BatchOutcome.Accepted accepted:
                http.Response.Headers.Location = $"/batches/{accepted.Batch.Row.Id}";
                return JsonAnswer.Accepted(Body(http, accepted.Batch), WireJson.Types.BatchBody);
            case BatchOutcome.AlreadyAccepted again:
                http.Response.Headers.Location = $"/batches/{again.Batch.Row.Id}";
                return JsonAnswer.Ok(Body(http, again.Batch), WireJson.Types.BatchBody);
            case BatchOutcome.KeyReused reused:
                return BatchProblems.KeyReused(reused.BatchId);
            case BatchOutcome.NothingMatches:
                return BatchProblems.NothingMatches();
            case BatchOutcome.TooManySagas:
                return BatchProblems.TooManySagas("filter");
            case BatchOutcome.TooManyBatches:
                return BatchProblems.TooManyBatches();
            case BatchOutcome.Unavailable unavailable:
                return Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text);
            default:
                throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    private static IResult Preview(BatchPreview preview) => preview.TooMany
        ? BatchProblems.TooManySagas("filter")
        : JsonAnswer.Ok(
            new BatchPreviewBody(
                preview.Matching,
                [.. preview.WouldDo.Select(line => new BatchEffectBody(line.Effect, line.Count))],
                [.. preview.Refused.Select(line => new BatchRefusalBody(line.Code, line.Count, line.Text))],
                preview.Sample),
            WireJson.Types.BatchPreviewBody);

    private static BatchBody Body(HttpContext http, BatchSummary batch) => new(
        batch.Row.Id,
        batch.Row.Verb,
        JsonData.FromText(batch.Row.Filter),
        JsonData.FromText(BatchArgs.Read(batch.Row.Args).ToShown()),
        batch.Row.Actor,
        // It may be about sagas of any definition, and repeat what is secret there.
        Sight.Words(batch.Row.Reason, batch.Row.Reason is not null && HidesWords(http, batch.Row)),
        Word(batch.State),
        batch.Row.CreatedAt,
        batch.EndedAt,
        batch.Total,
        batch.Accepted + batch.Refused + batch.Failed,
        batch.Accepted,
        batch.Refused,
        batch.Failed);

    private static bool HidesWords(HttpContext http, BatchRow batch) =>
        batch.Actor != Caller.Of(http).Name && Sight.Of(http).HidesWords();

    private static string Word(BatchState state) => state switch
    {
        BatchState.Running => "running",
        BatchState.Done => "done",
        BatchState.Stopped => "stopped",
        _ => throw new UnreachableException($"Unknown state {state}."),
    };
}
