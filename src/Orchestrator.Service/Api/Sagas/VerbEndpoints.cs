using System.Diagnostics;
using Orchestrator.Core.Deciding;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>What operators do to a whole saga: cancel, retry, suspend, resume, delete.</summary>
internal sealed class VerbEndpoints(ISagaEngine engine)
{
    /// <summary><c>POST /sagas/{id}/cancel</c>.</summary>
    public Task<IResult> CancelAsync(HttpContext http, string id) => SubmitAsync(
        http, id, (actor, reason) => new SagaVerb.Cancel { Actor = actor, Reason = reason });

    /// <summary><c>POST /sagas/{id}/retry</c>.</summary>
    public Task<IResult> RetryAsync(HttpContext http, string id) => SubmitAsync(
        http, id, (actor, reason) => new SagaVerb.Retry { Actor = actor, Reason = reason });

    /// <summary><c>POST /sagas/{id}/suspend</c>.</summary>
    public Task<IResult> SuspendAsync(HttpContext http, string id) => SubmitAsync(
        http, id, (actor, reason) => new SagaVerb.Suspend { Actor = actor, Reason = reason });

    /// <summary><c>POST /sagas/{id}/resume</c>.</summary>
    public Task<IResult> ResumeAsync(HttpContext http, string id) => SubmitAsync(
        http, id, (actor, reason) => new SagaVerb.Resume { Actor = actor, Reason = reason });

    /// <summary><c>DELETE /sagas/{id}</c>.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        return await engine.DeleteAsync(id, actor, http.RequestAborted) switch
        {
            DeleteOutcome.Deleted => TypedResults.NoContent(),
            DeleteOutcome.NotFound => ReadEndpoints.Unknown(),
            DeleteOutcome.StillRunning => await StillRunningAsync(id, http.RequestAborted),
            DeleteOutcome.Unverified => Problem.NotAllowed(
                VerbCodes.Unverified,
                "The saga has ended on a person's word, and an undo is not acknowledged: deleted, nobody would go on "
                + "with it. Wait until \"unverified\" is empty.",
                []),
            DeleteOutcome.Unavailable => Problem.Unavailable(
                ProblemCodes.Unavailable,
                "The saga was not deleted: the store cannot be written now. /readyz says why."),
            var other => throw new UnreachableException($"Unknown outcome {other}."),
        };
    }

    private async Task<IResult> SubmitAsync(HttpContext http, string id, Func<string, string?, SagaVerb> verb)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.SmallBodyBytes, [], (_, reason) => verb(actor, reason), http.RequestAborted);
        return body.Problem ?? VerbAnswers.Of(http, await engine.SubmitAsync(id, body.Value, http.RequestAborted));
    }

    private async Task<IResult> StillRunningAsync(string id, CancellationToken cancel)
    {
        var allowed = await engine.FindAsync(id, cancel) is { } saga ? StepVerbs.OfSaga(saga) : [];
        return Problem.NotAllowed(
            VerbCodes.StillRunning,
            "The saga has not ended, so it cannot be deleted: somebody would keep work that nobody knows of. "
            + "Wait for its end, or cancel it first.",
            allowed);
    }
}
