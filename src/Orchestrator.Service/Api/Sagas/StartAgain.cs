using System.Globalization;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>
/// Finds the saga of a request that comes again although it could not start one now, because the instant it names as
/// its deadline has passed meanwhile. Saying "nothing was started" would be untrue.
/// </summary>
internal sealed class StartAgain(ISagaQueries queries, ISagaEngine engine)
{
    /// <summary>The answer to the repeated request; null when the key was not used before.</summary>
    public async Task<IResult?> FindAsync(HttpContext http, string definition, string? key, ReadOnlyMemory<byte> digest)
    {
        if (key is null) return null;
        var start = await queries.FindStartAsync(new StartKey(definition, key), http.RequestAborted);
        if (start is null) return null;
        if (!start.Digest.Span.SequenceEqual(digest.Span)) return StartProblems.KeyReused(start.SagaId);
        var saga = await engine.FindAsync(start.SagaId, http.RequestAborted);
        if (saga is null) return null;
        http.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/sagas/{start.SagaId}");
        return Answer(http, saga);
    }

    /// <summary>
    /// The instant has passed, so there is nothing to wait for: it has ended or is past its deadline.
    /// </summary>
    private static IResult Answer(HttpContext http, StartedSaga saga) =>
        saga is Ended && PreferHeader.Wait(http.Request.Headers["Prefer"]) is not null
            ? JsonAnswer.Ok(SagaView.Whole(saga, http), WireJson.Types.SagaBody)
            : JsonAnswer.Ok(SagaView.Started(saga), WireJson.Types.StartedBody);
}
