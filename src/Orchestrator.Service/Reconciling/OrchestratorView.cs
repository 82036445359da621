using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Service.Reconciling;

/// <summary>The orchestrator, read through its public API.</summary>
internal sealed class OrchestratorView(JsonPages pages, string participant)
{
    private const string Unarmed = "unarmed";

    /// <summary>Where the orchestrator calls the participant; null when it is not by an address.</summary>
    public async Task<Uri?> AddressAsync(CancellationToken cancel)
    {
        using var found = await pages.FindAsync($"participants/{Uri.EscapeDataString(participant)}", cancel)
            ?? throw new ReconcileException($"The orchestrator does not know a participant {participant}.");
        return found.RootElement.GetProperty("url").GetString() is { } url ? new Uri(url) : null;
    }

    /// <summary>The ids of all sagas, from an instant on.</summary>
    public async Task<List<string>> SagasAsync(DateTimeOffset? from, CancellationToken cancel)
    {
        var filter = from is { } start ? $"sagas?from={Uri.EscapeDataString(Instants.Write(start))}" : "sagas";
        var items = await pages.ListAsync(filter, cancel)
            ?? throw new ReconcileException("There is no orchestrator at that address: GET /sagas was answered 404.");
        return [.. items.Select(item => item.GetProperty("id").GetString()!)];
    }

    /// <summary>A saga with what the participant told; null when the orchestrator does not know it.</summary>
    public async Task<SagaSeen?> FindAsync(string sagaId, CancellationToken cancel)
    {
        var path = $"sagas/{Uri.EscapeDataString(sagaId)}";
        using var saga = await pages.FindAsync(path, cancel);
        if (saga is null) return null;
        var root = saga.RootElement;
        var kinds = root.GetProperty("steps").EnumerateArray()
            .Where(step => step.GetProperty("participant").GetString() == participant
                && step.GetProperty("kind").GetString() != Unarmed)
            .ToDictionary(step => step.GetProperty("name").GetString()!, step => step.GetProperty("kind").GetString()!);
        var steps = kinds.Count == 0 ? [] : await ToldAsync(sagaId, path, kinds, cancel);
        var endedAt = root.GetProperty("endedAt");
        return new SagaSeen(
            sagaId, root.GetProperty("phase").GetString()!,
            endedAt.ValueKind == JsonValueKind.Null ? null : endedAt.GetDateTimeOffset(), steps);
    }

    private async Task<IReadOnlyList<ToldStep>> ToldAsync(
        string sagaId, string path, Dictionary<string, string> kinds, CancellationToken cancel)
    {
        var told = new Dictionary<string, ToldStep>(StringComparer.Ordinal);
        using var history = await pages.FindAsync(path + "/history", cancel);
        if (history is null) return [];
        foreach (var item in history.RootElement.GetProperty("items").EnumerateArray())
        {
            if (!item.TryGetProperty("step", out var step) || step.GetString() is not { } key) continue;
            if (!kinds.TryGetValue(key.Split('~', 2)[0], out var kind)) continue;
            told[key] = (told.GetValueOrDefault(key) ?? new ToldStep(sagaId, key, kind)).With(item);
        }

        return [.. told.Values];
    }
}
