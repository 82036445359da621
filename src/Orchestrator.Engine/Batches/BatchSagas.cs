using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>Chooses the sagas of a batch.</summary>
internal sealed class BatchSagas(ISagaQueries queries, IBatchQueries batches)
{
    /// <summary>
    /// The chosen ones in the order of their ids, with what lists show of each, null for an unknown one; null when they
    /// are more than a batch may have.
    /// </summary>
    public async Task<IReadOnlyList<(string Id, SagaSummary? Saga)>?> ChooseAsync(
        BatchRequest request, CancellationToken cancel)
    {
        var chosen = request.Ids is { } ids ? await NamedAsync(ids, cancel) : await FoundAsync(request.Filter!, cancel);
        if (chosen.Count > EngineLimits.MaxBatchSagas) return null;
        chosen.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        return chosen;
    }

    private async Task<List<(string Id, SagaSummary? Saga)>> NamedAsync(
        IReadOnlyList<string> ids, CancellationToken cancel)
    {
        if (ids.Count > EngineLimits.MaxBatchSagas) return [.. ids.Select(id => (id, (SagaSummary?)null))];
        var known = (await batches.SagasAsync(ids, cancel)).ToDictionary(saga => saga.Id, StringComparer.Ordinal);
        return [.. ids.Select(id => (id, known.GetValueOrDefault(id)))];
    }

    private async Task<List<(string Id, SagaSummary? Saga)>> FoundAsync(SagaFilter filter, CancellationToken cancel)
    {
        var found = new List<(string Id, SagaSummary? Saga)>();
        var cursor = (string?)null;
        do
        {
            var page = await queries.ListAsync(
                filter with { Cursor = cursor, Limit = EngineLimits.BatchSagasPage }, cancel);
            found.AddRange(page.Items.Select(saga => (saga.Id, (SagaSummary?)saga)));
            cursor = page.Next;
        }
        while (cursor is not null && found.Count <= EngineLimits.MaxBatchSagas);
        return found;
    }
}
