using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Orders;
using Shop.Running;
using Shop.Serving;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>Audits the shop: what each service did against how each saga ended.</summary>
internal sealed class Books(OpenShop shop, ChaosPlan plan, IReadOnlyDictionary<OrderData, SagaRead> ended)
{
    private static readonly string[] NotAtAll = ["", "done, undone", "done, confirmed, undone"];

    private readonly OrderData[] completed =
        [.. ended.Where(each => each.Value.Outcome == "completed").Select(each => each.Key)];

    internal int Completed => completed.Length;

    /// <summary>The sagas that were asked for.</summary>
    internal IReadOnlySet<string> Sagas { get; } =
        ended.Values.Select(saga => saga.Id).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every line that is not as it must be; empty when the books balance to the unit.</summary>
    internal async Task<List<string>> AuditAsync()
    {
        var wrong = new List<string>();
        var known = ended.Values.Select(saga => saga.Id).ToHashSet();
        if (known.Count != ended.Count) wrong.Add($"{ended.Count} orders share {known.Count} sagas.");
        var effects = await ReadEffectsAsync();
        wrong.AddRange(effects.Keys.Where(key => !known.Contains(key.SagaId)).Select(key => $"Nobody ordered {key}."));
        foreach (var (order, saga) in ended) wrong.AddRange(CheckSaga(order, saga, effects));
        wrong.AddRange(await CheckNumbersAsync());
        return wrong;
    }

    private async Task<Dictionary<(string SagaId, string Step), string>> ReadEffectsAsync()
    {
        var all = new List<Effect>();
        foreach (var service in ShopPorts.Services)
            all.AddRange(await shop.Client.EffectsAsync(service, null, CancellationToken.None));
        return all.GroupBy(effect => (effect.SagaId, effect.Step))
            .ToDictionary(
                group => group.Key,
                group => string.Join(", ", group.OrderBy(effect => effect.Seq).Select(effect => effect.Name)));
    }

    private static IEnumerable<string> CheckSaga(
        OrderData order, SagaRead saga, Dictionary<(string SagaId, string Step), string> effects)
    {
        foreach (var step in (string[])["create-order", "reserve-stock", "charge", "dispatch"])
        {
            var found = effects.GetValueOrDefault((saga.Id, step), "");
            var isRight = saga.Outcome switch
            {
                "completed" => found == (step == "dispatch" ? "done" : "done, confirmed"),
                "compensated" => step == "dispatch" ? found.Length == 0 : NotAtAll.Contains(found),
                _ => false,
            };
            if (!isRight) yield return $"{order.OrderId}, saga {saga.Id}, {saga.Outcome ?? saga.Phase}: {step} is \"{found}\".";
        }
    }

    private async Task<List<string>> CheckNumbersAsync()
    {
        var wrong = new List<string>();
        void Compare(string what, object expected, object found)
        {
            if (!Equals(expected, found)) wrong.Add($"{what}: {found}, but it must be {expected}.");
        }

        Compare("stock of A1", plan.Pieces - Sold("A1"), await shop.Client.StockAsync("A1", CancellationToken.None));
        Compare("stock of SCARCE", 1 - Sold("SCARCE"), await shop.Client.StockAsync("SCARCE", CancellationToken.None));
        Compare("account of alice", 1_000_000 - completed.Sum(order => order.Amount),
            await shop.Client.BalanceAsync("alice", CancellationToken.None));
        Compare("account of bob", 0L, await shop.Client.BalanceAsync("bob", CancellationToken.None));
        foreach (var (order, saga) in ended)
        {
            var state = await shop.Client.OrderAsync(order.OrderId, CancellationToken.None);
            var isRight = saga.Outcome == "completed" ? state == "confirmed" : state is "cancelled" or "unknown";
            if (!isRight) wrong.Add($"{order.OrderId} is {state} although its saga is {saga.Outcome}.");
            Compare($"parcel of {order.OrderId}", saga.Outcome == "completed" ? "sent" : "none",
                await shop.Client.ParcelAsync(order.OrderId, CancellationToken.None));
        }

        return wrong;
    }

    private long Sold(string sku) => completed.Where(order => order.Sku == sku).Sum(order => order.Quantity);
}
