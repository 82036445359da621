using System.Collections.Concurrent;
using Shop.Orders;
using Shop.Running;
using Shop.Serving;

namespace Shop.Story;

/// <summary>Everything a scene plays with.</summary>
internal sealed class Stage(
    ShopCluster cluster, StoryNetwork network, ConcurrentQueue<string> words, Storyteller teller,
    CancellationToken cancel) : IDisposable
{
    /// <summary>A service's own clock looks once a second, and the machine may be busy.</summary>
    internal static readonly TimeSpan AfterExpiry = TimeSpan.FromSeconds(4);

    /// <summary>The orchestrator asks at least every two seconds, says the definition.</summary>
    internal static readonly TimeSpan AfterMending = TimeSpan.FromSeconds(15);

    internal ShopCluster Cluster => cluster;

    internal Storyteller Teller => teller;

    internal ShopClient Shop { get; } = new(cluster.AddressOf);

    internal CancellationToken Cancel => cancel;

    /// <summary>The network between a service and the others.</summary>
    internal ServiceLines LineTo(string service) => network[service];

    /// <summary>
    /// From now on commands and answers go over the broker, where there is one; false where there is none.
    /// </summary>
    internal async Task<bool> TakeToTheBrokerAsync()
    {
        if (!network.HasBroker) return false;
        foreach (var service in ShopPorts.Services)
            await cluster.RegisterAsync(service, new { app = service, via = "pubsub" }, cancel);
        return true;
    }

    /// <summary>True when a program has said something with all these words in it.</summary>
    internal bool HasSaid(string program, params string[] parts) =>
        words.Any(line => line.StartsWith($"[{program}]", StringComparison.Ordinal)
            && parts.All(part => line.Contains(part, StringComparison.Ordinal)));

    internal Task<SagaRead> PlaceAsync(OrderData order, PlaceOptions options) =>
        Shop.PlaceAsync(order, options, cancel);

    internal Task<string> OrderAsync(string orderId) => Shop.OrderAsync(orderId, cancel);

    internal Task<long> StockAsync(string sku) => Shop.StockAsync(sku, cancel);

    internal Task<long> BalanceAsync(string customer) => Shop.BalanceAsync(customer, cancel);

    internal Task<string> LedgerAsync(string service, string step, string sagaId) =>
        Shop.LedgerAsync(service, step, sagaId, cancel);

    internal Task CheckOrderAsync(string orderId, string state, TimeSpan within) =>
        teller.CheckAsync($"order {orderId}", state, within, () => OrderAsync(orderId));

    internal Task CheckStockAsync(string sku, long available, TimeSpan within) =>
        teller.CheckAsync($"stock of {sku}", available, within, () => StockAsync(sku));

    internal Task CheckBalanceAsync(string customer, long balance, TimeSpan within) =>
        teller.CheckAsync($"account of {customer}", balance, within, () => BalanceAsync(customer));

    internal Task CheckParcelAsync(string orderId, string parcel) =>
        teller.CheckAsync($"parcel of {orderId}", parcel, () => Shop.ParcelAsync(orderId, cancel));

    internal Task CheckOutcomeAsync(string sagaId, string outcome) => teller.CheckAsync(
        "the orchestrator reports", outcome, AfterMending,
        async () => (await Shop.SagaAsync(sagaId, cancel)).Outcome ?? "nothing yet");

    /// <summary>Checks, in words such as <c>done, undone by expiry</c>, all a service ever did for a saga.</summary>
    internal Task CheckEffectsAsync(string service, string sagaId, string expected) => teller.CheckAsync(
        $"all that {service} ever did for it", expected,
        async () =>
        {
            var effects = await Shop.EffectsAsync(service, sagaId, cancel);
            return effects.Count == 0 ? "nothing" : string.Join(", ", effects.Select(Describe));
        });

    public void Dispose() => Shop.Dispose();

    private static string Describe(Effect effect) =>
        effect.Name == Effects.Undone ? $"{effect.Name} by {effect.AskedBy}" : effect.Name;
}

/// <summary>One scene.</summary>
internal interface IScene
{
    /// <summary>What happens in it, in a line.</summary>
    string Title { get; }

    /// <summary>Plays it and checks it.</summary>
    Task PlayAsync(Stage stage);
}
