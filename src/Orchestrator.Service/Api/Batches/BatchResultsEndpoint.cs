using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Batches;

/// <summary>
/// <c>GET /batches/{id}/results</c>: what became of each saga, beside the saga as it is now.
/// </summary>
internal sealed class BatchResultsEndpoint(IBatchQueries queries)
{
    private static readonly Dictionary<string, BatchFate> Fates =
        Enum.GetValues<BatchFate>().ToDictionary(Words.Of, StringComparer.Ordinal);

    /// <summary>A page of them, in the order of the ids.</summary>
    public async Task<IResult> ListAsync(HttpContext http, string id)
    {
        if (PageQuery.TryRead(http.Request.QueryString, out var page, "result") is { } bad) return bad;
        if (TryReadFate(page["result"], out var fate) is { } wrong) return wrong;
        if (await BatchSight.FindAsync(http, queries, id) is null) return BatchProblems.Unknown;
        var answers = await queries.AnswersAsync(id, fate, page.Cursor, page.Limit, http.RequestAborted);
        var sagas = await LinesAsync(http, [.. answers.Items.Select(answer => answer.SagaId)]);
        return JsonAnswer.Ok(
            new BatchAnswersBody(
                [
                    .. answers.Items.Select(answer => new BatchAnswerBody(
                        answer.SagaId, Words.Of(answer.Fate), answer.Code, answer.Text, answer.At,
                        sagas.GetValueOrDefault(answer.SagaId))),
                ],
                answers.Next),
            WireJson.Types.BatchAnswersBody);
    }

    private static Problem? TryReadFate(string? word, out BatchFate? fate)
    {
        fate = null;
        if (word is null) return null;
        if (Fates.TryGetValue(word, out var known))
        {
            fate = known;
            return null;
        }

        var text = $"The query parameter \"result\" is none of {string.Join(", ", Fates.Keys)}.";
        return Problem.Invalid(ProblemCodes.BadParameter, text, [new ProblemItem(null, "result", text)]);
    }

    // A batch may hold sagas that its own actor was refused: of those they learn nothing here either.
    private async Task<Dictionary<string, SummaryBody>> LinesAsync(HttpContext http, string[] ids)
    {
        if (ids.Length == 0) return [];
        var (caller, sight) = (Caller.Of(http), Sight.Of(http));
        return (await queries.SagasAsync(ids, http.RequestAborted))
            .Where(saga => caller.May(SagaRole.Viewer, saga.Definition))
            .ToDictionary(saga => saga.Id, saga => SagaView.Line(saga, sight), StringComparer.Ordinal);
    }
}
