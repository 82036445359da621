using System.Diagnostics;
using Orchestrator.Core.Deciding;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>What operators do to a saga: cancel, retry, delete.</summary>
internal sealed class VerbEndpoints(ISagaEngine engine)
{
    /// <summary><c>POST /sagas/{id}/cancel</c>.</summary>
    public Task<IResult> CancelAsync(HttpContext http, string id) => SubmitAsync(
        http, id, takesReason: true, (actor, reason) => new SagaVerb.Cancel { Actor = actor, Reason = reason });

    /// <summary><c>POST /sagas/{id}/retry</c>.</summary>
    public Task<IResult> RetryAsync(HttpContext http, string id) => SubmitAsync(
        http, id, takesReason: false, (actor, _) => new SagaVerb.Retry { Actor = actor });

    /// <summary><c>DELETE /sagas/{id}</c>.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        return await engine.DeleteAsync(id, actor, http.RequestAborted) switch
        {
            DeleteOutcome.Deleted => TypedResults.NoContent(),
            DeleteOutcome.NotFound => ReadEndpoints.Unknown(),
            DeleteOutcome.StillRunning => await StillRunningAsync(id, http.RequestAborted),
            DeleteOutcome.Unavailable => Problem.Unavailable(
                ProblemCodes.Unavailable,
                "The saga was not deleted: the store cannot be written now. /readyz says why."),
            var other => throw new UnreachableException($"Unknown outcome {other}."),
        };
    }

    private async Task<IResult> SubmitAsync(
        HttpContext http, string id, bool takesReason, Func<string, string?, SagaVerb> verb)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(http.Request, takesReason, http.RequestAborted);
        if (body.Problem is { } bad) return bad;
        return await engine.SubmitAsync(id, verb(actor, body.Reason), http.RequestAborted) switch
        {
            VerbOutcome.Accepted accepted =>
                JsonAnswer.Accepted(SagaView.Whole(accepted.Saga), WireJson.Types.SagaBody),
            VerbOutcome.Refused { Ruling: var ruling } => Problem.NotAllowed(
                ruling.Code, Sentence(ruling), ruling.Verbs),
            VerbOutcome.NotFound => ReadEndpoints.Unknown(),
            VerbOutcome.Unavailable unavailable => Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text),
            var other => throw new UnreachableException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    private async Task<IResult> StillRunningAsync(string id, CancellationToken cancel)
    {
        var allowed = await engine.FindAsync(id, cancel) is { } saga ? VerbRules.AllowedVerbs(saga) : [];
        return Problem.NotAllowed(
            ProblemCodes.StillRunning,
            "The saga has not ended, so it cannot be deleted: somebody would keep work that nobody knows of. "
            + "Wait for its end, or cancel it first.",
            allowed);
    }

    private static string Sentence(VerbRuling.NotAllowed ruling) => ruling.Verbs.IsEmpty
        ? ruling.Text
        : $"{ruling.Text} Allowed now: {string.Join(", ", ruling.Verbs)}.";
}
