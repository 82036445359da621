using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads sagas: one, its history, the list, the counts.</summary>
internal sealed class ReadEndpoints(
    ISagaEngine engine, ISagaQueries queries, IDefinitionCatalog catalog, TimeProvider time)
{
    /// <summary><c>GET /sagas/{id}</c>.</summary>
    public async Task<IResult> GetAsync(HttpContext http, string id, CancellationToken cancel) =>
        await engine.FindAsync(id, cancel) is { } saga
            ? JsonAnswer.Ok(SagaView.Whole(saga, http), WireJson.Types.SagaBody)
            : Unknown();

    /// <summary><c>GET /sagas/{id}/history</c>.</summary>
    public async Task<IResult> HistoryAsync(HttpContext http, string id, CancellationToken cancel)
    {
        if (await queries.HistoryAsync(id, cancel) is not { } history) return Unknown();
        var definition = history is [SagaStarted start, ..]
            ? catalog.Find(start.Definition, start.DefinitionVersion)
            : null;
        if (definition is null)
            return Problem.Unavailable(ProblemCodes.Unavailable, "The engine is starting. Try again in a moment.");
        var covers = Sight.Of(http).Covers(definition);
        return JsonAnswer.Ok(HistoryView.Of(history, definition, covers), WireJson.Types.HistoryBody);
    }

    /// <summary><c>GET /sagas</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancel)
    {
        if (ListQuery.TryRead(http.Request.QueryString, time.GetUtcNow(), out var filter) is { } problem)
            return problem;
        try
        {
            var page = await queries.ListAsync(filter, cancel);
            var sight = Sight.Of(http);
            return JsonAnswer.Ok(
                new ListBody([.. page.Items.Select(saga => SagaView.Line(saga, sight))], page.Next),
                WireJson.Types.ListBody);
        }
        catch (FormatException)
        {
            return PageQuery.NoCursor();
        }
    }

    /// <summary><c>GET /sagas/counts</c>.</summary>
    public async Task<IResult> CountsAsync(CancellationToken cancel)
    {
        var counts = await queries.CountAsync(cancel);
        var now = time.GetUtcNow();
        return JsonAnswer.Ok(
            new CountsBody([.. counts.Select(count => CountBody.Of(count, now))]), WireJson.Types.CountsBody);
    }

    /// <summary>There is no saga of that id.</summary>
    public static Problem Unknown() => Problem.NotFound(
        "There is no saga of this id. It never was, was deleted, or was purged after its retention. GET /sagas lists "
        + "what there is.");
}
