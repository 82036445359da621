using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Serving;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>One event as the API shows it.</summary>
internal sealed record HistoryEvent(
    int Seq, string Type, string? Step, string? Command, int? Status, string? Code, string? Outcome)
{
    internal bool IsSent(string command) => Type == "call-sent" && Command == command;

    internal bool IsAnswered(string command, int status) =>
        Type == "call-answered" && Command == command && Status == status;
}

/// <summary>A ledger row as its participant shows it.</summary>
internal sealed record RowRead(string State, DateTimeOffset? ExpiresAt);

/// <summary>All that anybody can read of one saga.</summary>
internal sealed record SagaRecord(
    string Id, IReadOnlyList<HistoryEvent> History, IReadOnlyDictionary<string, RowRead?> Rows,
    IReadOnlyDictionary<string, IReadOnlyList<Effect>> Effects);

/// <summary>
/// Reads what is public: sagas, histories, ledgers, business tables. Nothing is looked up behind an API.
/// </summary>
internal sealed class PublicRecord(OpenShop shop) : IDisposable
{
    private const int AtOnce = 8;

    /// <summary>The steps of the shop's definitions, with the service that owns each.</summary>
    internal static readonly IReadOnlyDictionary<string, string> OwnerOf = new Dictionary<string, string>
    {
        ["create-order"] = ShopPorts.Order,
        ["reserve-stock"] = ShopPorts.Inventory,
        ["charge"] = ShopPorts.Payment,
        ["dispatch"] = ShopPorts.Delivery,
    };

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The ids of all sagas, as the orchestrator lists them.</summary>
    internal async Task<HashSet<string>> ListAsync()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var cursor = next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}";
            var page = await http.GetFromJsonAsync<JsonElement>(
                At(ShopPorts.Orchestrator, $"/sagas?limit=100{cursor}"));
            foreach (var item in page.GetProperty("items").EnumerateArray())
                ids.Add(item.GetProperty("id").GetString()!);
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        return ids;
    }

    /// <summary>Every effect in every service, by saga.</summary>
    internal async Task<ILookup<string, Effect>> EffectsAsync()
    {
        var all = new List<Effect>();
        foreach (var service in ShopPorts.Services)
            all.AddRange(await shop.Client.EffectsAsync(service, null, CancellationToken.None));
        return all.ToLookup(effect => effect.SagaId, StringComparer.Ordinal);
    }

    /// <summary>The records of these sagas.</summary>
    internal async Task<IReadOnlyList<SagaRecord>> ReadAsync(IEnumerable<string> ids)
    {
        var effects = await EffectsAsync();
        var records = new System.Collections.Concurrent.ConcurrentBag<SagaRecord>();
        await Parallel.ForEachAsync(
            ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (id, _) => records.Add(await ReadAsync(id, effects[id])));
        return [.. records];
    }

    internal Uri At(string program, string path) => new(shop.Cluster.AddressOf(program), path);

    public void Dispose() => http.Dispose();

    private async Task<SagaRecord> ReadAsync(string id, IEnumerable<Effect> effects)
    {
        var page = await http.GetFromJsonAsync<JsonElement>(At(ShopPorts.Orchestrator, $"/sagas/{id}/history"));
        var history = page.GetProperty("items").Deserialize<List<HistoryEvent>>(JsonSerializerOptions.Web)!;
        var rows = new Dictionary<string, RowRead?>(StringComparer.Ordinal);
        foreach (var (step, owner) in OwnerOf) rows[step] = await RowAsync(owner, step, id);
        var byStep = effects.GroupBy(effect => effect.Step).ToDictionary(
            group => group.Key, IReadOnlyList<Effect> (group) => [.. group.OrderBy(effect => effect.Seq)],
            StringComparer.Ordinal);
        return new SagaRecord(id, history, rows, byStep);
    }

    private async Task<RowRead?> RowAsync(string owner, string step, string sagaId)
    {
        using var answer = await http.GetAsync(At(owner, $"/saga/{step}/{sagaId}"));
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<RowRead>();
    }
}
