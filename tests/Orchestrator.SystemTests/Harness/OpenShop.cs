using System.Collections.Concurrent;
using Shop;
using Shop.Orders;
using Shop.Running;

// Each test starts several programs and measures what they do: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Orchestrator.SystemTests.Harness;

/// <summary>The shop's five programs, as processes on free ports with a folder of their own.</summary>
internal sealed class OpenShop : IAsyncDisposable
{
    /// <summary>Long enough for a busy machine, short enough to notice.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> words = new();

    internal OpenShop(ShopPorts? ports = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Ports = ports ?? ShopPorts.Free();
        Cluster = new ShopCluster(Ports, folder.Path, (program, line) => words.Enqueue($"[{program}] {line}"))
        {
            Environment = environment ?? new Dictionary<string, string>(),
        };
        Client = new ShopClient(Cluster.AddressOf);
    }

    internal ShopPorts Ports { get; }

    internal ShopCluster Cluster { get; }

    internal ShopClient Client { get; }

    internal string Data => folder.Path;

    internal string OrchestratorData => Path.Combine(folder.Path, "orchestrator");

    internal IEnumerable<string> Words => words;

    internal ChildProcess Orchestrator => Cluster[ShopPorts.Orchestrator];

    internal static async Task<OpenShop> StartAsync()
    {
        var shop = new OpenShop();
        try
        {
            await shop.StartAllAsync();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    internal async Task StartAllAsync()
    {
        try
        {
            await Cluster.StartAllAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"The shop did not open: {failure.Message}\n{string.Join('\n', words.TakeLast(30))}", failure);
        }
    }

    internal static OrderData Order(
        string id, string sku = "A1", long quantity = 1, long amount = 100, string customer = "alice") =>
        new(id, customer, sku, quantity, amount);

    internal Task<SagaRead> PlaceAsync(OrderData order, TimeSpan deadline, TimeSpan wait = default) =>
        Client.PlaceAsync(order, new PlaceOptions(deadline) { Wait = wait }, CancellationToken.None);

    /// <summary>Waits for the end of a saga.</summary>
    internal Task EndsAsync(string sagaId, string outcome) => Eventually.BecomesAsync(
        outcome, Patience, async () => (await Client.SagaAsync(sagaId, CancellationToken.None)).Outcome ?? "nothing yet");

    /// <summary>Keeps charges waiting, so that sagas stay under way.</summary>
    internal async Task CloseBankAsync(int seconds)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(
            new Uri(Cluster.AddressOf(ShopPorts.Payment), $"/bank/close?seconds={seconds}"), null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until a saga has a step in a state.</summary>
    internal Task StepBecomesAsync(string sagaId, string step, string state) => Eventually.BecomesAsync(
        state, Patience,
        async () =>
            (await Client.SagaAsync(sagaId, CancellationToken.None)).Steps!.Single(each => each.Name == step).State);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Client.Dispose();
        folder.Dispose();
    }
}
