using System.Globalization;
using System.Net.Http.Json;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>The open shop, every service reached over a real broker.</summary>
internal sealed class ShopWithBroker : IAsyncDisposable
{
    private ShopWithBroker(RedisServer broker, BrokerSidecar sidecar, OpenShop shop) =>
        (Broker, Sidecar, Shop) = (broker, sidecar, shop);

    internal RedisServer Broker { get; }

    internal BrokerSidecar Sidecar { get; }

    internal OpenShop Shop { get; }

    internal static async Task<ShopWithBroker> OpenAsync()
    {
        var broker = new RedisServer();
        await broker.StartAsync();
        var sidecar = await BrokerSidecar.StartAsync(broker.Port);
        var shop = new OpenShop(environment: new Dictionary<string, string>
        {
            ["DAPR_HTTP_PORT"] = sidecar.Port.ToString(CultureInfo.InvariantCulture),
        });
        var open = new ShopWithBroker(broker, sidecar, shop);
        try
        {
            foreach (var program in ShopPorts.Programs) sidecar.Serve(program, shop.Cluster.AddressOf(program));
            await shop.StartAllAsync();
            foreach (var service in ShopPorts.Services) await open.MoveToBrokerAsync(service);
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until nothing is left to be published or delivered.</summary>
    internal Task CalmAsync() => Eventually.BecomesAsync(0d, OpenShop.Patience, OldestEventAgeAsync);

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        await Sidecar.DisposeAsync();
        await Broker.DisposeAsync();
    }

    private async Task MoveToBrokerAsync(string service)
    {
        using var http = new HttpClient();
        var entry = new Uri(Shop.Cluster.AddressOf(ShopPorts.Orchestrator), $"/participants/{service}");
        using var request = new HttpRequestMessage(HttpMethod.Put, entry)
        {
            Content = JsonContent.Create(new { url = Shop.Ports.UrlOf(service), via = "pubsub" }),
        };
        request.Headers.Add("X-Actor", "test");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<double> OldestEventAgeAsync()
    {
        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri(Shop.Cluster.AddressOf(ShopPorts.Orchestrator), "/metrics"));
        const string name = "orchestrator_oldest_event_age_seconds ";
        var line = page.Split('\n').Single(each => each.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }
}
