using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Shop;
using Shop.Orders;
using Shop.Running;

namespace Orchestrator.SystemTests.Harness;

/// <summary>The shop's five programs, as processes on free ports with a folder of their own.</summary>
internal sealed class OpenShop : IAsyncDisposable
{
    /// <summary>How the sidecar is called among the programs.</summary>
    internal const string SidecarName = "sidecar";

    /// <summary>Long enough for a busy machine, short enough to notice.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> words = new();

    private readonly StandInProcess? sidecar;

    internal OpenShop(
        ShopPorts? ports = null, IReadOnlyDictionary<string, string>? environment = null,
        ShopEngine engine = ShopEngine.Embedded, Func<Uri>? orchestrator = null)
    {
        Ports = ports ?? ShopPorts.Free();
        if (engine == ShopEngine.Dapr)
        {
            var apps = ShopPorts.Programs.ToDictionary(
                name => name, name => new Uri(Ports.UrlOf(name)), StringComparer.Ordinal);
            sidecar = new StandInProcess(folder.Path, apps, line => words.Enqueue($"[sidecar] {line}"));
        }

        Cluster = new ShopCluster(Ports, folder.Path, (program, line) => words.Enqueue($"[{program}] {line}"))
        {
            Environment = environment ?? new Dictionary<string, string>(),
            Sidecar = sidecar?.Ports,
        };
        Client = new ShopClient(program => program == ShopPorts.Orchestrator && orchestrator is not null
            ? orchestrator()
            : Cluster.AddressOf(program));
    }

    /// <summary>The sidecar of the orchestrator, in a shop that runs on Dapr.</summary>
    internal StandInProcess Sidecar =>
        sidecar ?? throw new InvalidOperationException("This shop runs on the embedded engine.");

    internal bool HasSidecar => sidecar is not null;

    /// <summary>Every program that runs.</summary>
    internal IEnumerable<string> Names => HasSidecar ? [.. ShopPorts.Programs, SidecarName] : ShopPorts.Programs;

    internal ShopPorts Ports { get; }

    internal ShopCluster Cluster { get; }

    internal ShopClient Client { get; }

    internal string Data => folder.Path;

    internal string OrchestratorData => Path.Combine(folder.Path, "orchestrator");

    internal IEnumerable<string> Words => words;

    internal ChildProcess Orchestrator => Cluster[ShopPorts.Orchestrator];

    internal static async Task<OpenShop> StartAsync(ShopEngine engine = ShopEngine.Embedded)
    {
        var shop = new OpenShop(engine: engine);
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
            if (sidecar is not null) await sidecar.StartAsync();
            await Cluster.StartAllAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"The shop did not open: {failure.Message}\n{string.Join('\n', words.TakeLast(30))}", failure);
        }
    }

    internal ChildProcess ProcessOf(string name) => name == SidecarName ? Sidecar.Process! : Cluster[name];

    /// <summary>Starts one that is not running; it is not ready yet.</summary>
    internal void Launch(string name)
    {
        if (name == SidecarName) Sidecar.Launch();
        else Cluster.Launch(name);
    }

    internal Task WaitUntilReadyAsync(string name) => name == SidecarName
        ? Sidecar.WaitUntilReadyAsync()
        : Cluster.WaitUntilReadyAsync(name, CancellationToken.None);

    internal static OrderData Order(
        string id, string sku = "A1", long quantity = 1, long amount = 100, string customer = "alice") =>
        new(id, customer, sku, quantity, amount);

    internal Task<SagaRead> PlaceAsync(OrderData order, TimeSpan deadline, TimeSpan wait = default) =>
        Client.PlaceAsync(order, new PlaceOptions(deadline) { Wait = wait }, CancellationToken.None);

    /// <summary>Waits for the end of a saga.</summary>
    internal Task EndsAsync(string sagaId, string outcome) => Eventually.BecomesAsync(
        outcome, Patience,
        async () => (await Client.SagaAsync(sagaId, CancellationToken.None)).Outcome ?? "nothing yet");

    /// <summary>Keeps charges waiting, so that sagas stay under way.</summary>
    internal async Task CloseBankAsync(int seconds)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(
            new Uri(Cluster.AddressOf(ShopPorts.Payment), $"/bank/close?seconds={seconds}"), null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Starts a saga that is under way as long as the bank is closed: the stock is reserved.</summary>
    internal async Task<SagaRead> StartAtTheBankAsync(string orderId, TimeSpan deadline)
    {
        await CloseBankAsync(120);
        var saga = await PlaceAsync(Order(orderId), deadline);
        await StepBecomesAsync(saga.Id, "reserve-stock", "done");
        return saga;
    }

    /// <summary>The events of a saga: type and step of each.</summary>
    internal async Task<List<string>> HistoryAsync(string sagaId)
    {
        using var http = new HttpClient();
        var page = await http.GetFromJsonAsync<JsonElement>(
            new Uri(Cluster.AddressOf(ShopPorts.Orchestrator), $"/sagas/{sagaId}/history"));
        return
        [
            .. page.GetProperty("items").EnumerateArray().Select(
                item => $"{item.GetProperty("type")} {item.GetProperty("step")}".TrimEnd()),
        ];
    }

    /// <summary>Deletes a saga; gives the status.</summary>
    internal async Task<int> DeleteAsync(string sagaId)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Delete, new Uri(Cluster.AddressOf(ShopPorts.Orchestrator), $"/sagas/{sagaId}"));
        request.Headers.Add("X-Actor", "test");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>Why the orchestrator is not ready; empty when it is.</summary>
    internal async Task<string> WhyNotReadyAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Cluster.AddressOf(ShopPorts.Orchestrator), "/readyz"));
        return answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until a saga has a step in a state.</summary>
    internal Task StepBecomesAsync(string sagaId, string step, string state) => Eventually.BecomesAsync(
        state, Patience,
        async () =>
            (await Client.SagaAsync(sagaId, CancellationToken.None)).Steps!.Single(each => each.Name == step).State);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        if (sidecar is not null) await sidecar.DisposeAsync();
        Client.Dispose();
        folder.Dispose();
    }
}
