using System.Text.Json;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Owners;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;

namespace Orchestrator.Service.Api.Participants;

/// <summary>
/// After an outage: everything that waits for one participant, or for all, goes now. Where several orchestrators share
/// a store, each does it for its own sagas.
/// </summary>
internal sealed class ReleaseEndpoint(
    IWaitingCalls waiting,
    IParticipantRegistry registry,
    IDefinitionCatalog definitions,
    IEngineHealth health,
    OwnerForwarder others)
{
    /// <summary>
    /// <c>POST /participants/{name}/retry</c>; with no name <c>POST /participants/retry</c>.
    /// </summary>
    public async Task<IResult> ReleaseAsync(HttpContext http, string? participant)
    {
        if (QueryText.TryRead(http.Request.QueryString, ["definition"], tags: false, out var query) is { } wrong)
            return wrong;
        var body = await VerbBody.ReadAsync(
            http.Request,
            ServiceLimits.SmallBodyBytes,
            ["dryRun"],
            (fields, reason) => (IsDry: fields.Flag("dryRun") ?? false, Reason: reason),
            http.RequestAborted);
        if (body.Problem is { } unreadable) return unreadable;
        var (isDry, reason) = body.Value;
        // Counting changes nothing, so nobody has to say who asks.
        var actor = "";
        if (!isDry && ActorHeader.TryRead(http.Request.Headers, out actor) is { } nobody) return nobody;
        if (participant is not null && registry.Find(participant) is null)
            return Problem.NotFound("No participant of this name is registered. GET /participants lists them.");
        var definition = query["definition"] is { Length: > 0 } name ? name : null;
        if (definition is not null && definitions.Find(definition) is null)
            return Problem.NotFound("No definition of this name is stored. GET /definitions lists them.");
        if (health.NotReady is { } text) return Problem.Unavailable(ProblemCodes.NotReady, text);
        var here = isDry
            ? waiting.Count(participant, definition)
            : waiting.Release(participant, definition, actor, reason);
        var whole = Add(here, await others.SpreadAsync(http, body.Bytes));
        return isDry
            ? JsonAnswer.Ok(whole, WireJson.Types.ReleaseBody)
            : JsonAnswer.Accepted(whole, WireJson.Types.ReleaseBody);
    }

    private static ReleaseBody Add(long here, IReadOnlyList<byte[]?> answers)
    {
        var sum = new ReleaseBody(here, 0);
        foreach (var answer in answers)
        {
            var read = answer is null ? null : JsonSerializer.Deserialize(answer, WireJson.Types.ReleaseBody);
            sum = read is null
                ? sum with { Unreachable = sum.Unreachable + 1 }
                : new ReleaseBody(sum.Sagas + read.Sagas, sum.Unreachable + read.Unreachable);
        }

        return sum;
    }
}
