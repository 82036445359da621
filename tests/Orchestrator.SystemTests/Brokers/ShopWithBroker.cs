using System.Globalization;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>The open shop on either engine, every service reached over a real broker.</summary>
internal sealed class ShopWithBroker : IAsyncDisposable
{
    private readonly SidecarWithBroker sidecar;

    private ShopWithBroker(SidecarWithBroker sidecar, OpenShop shop)
    {
        this.sidecar = sidecar;
        Shop = shop;
    }

    internal RedisServer Broker => sidecar.Broker;

    internal RedisPublisher Topics => sidecar.Topics;

    internal OpenShop Shop { get; }

    internal static async Task<ShopWithBroker> OpenAsync(string engine)
    {
        var ports = ShopPorts.Free();
        var beside = await SidecarWithBroker.StartAsync(ports);
        var shop = new OpenShop(ports, new Dictionary<string, string>
        {
            ["Orchestrator__Engine"] = engine,
            ["DAPR_HTTP_PORT"] = beside.Ports.Http.ToString(CultureInfo.InvariantCulture),
            ["DAPR_GRPC_PORT"] = beside.Ports.Grpc.ToString(CultureInfo.InvariantCulture),
        });
        var open = new ShopWithBroker(beside, shop);
        try
        {
            await shop.StartAllAsync();
            foreach (var service in ShopPorts.Services)
                await shop.Cluster.RegisterAsync(
                    service, new { url = shop.Ports.UrlOf(service), via = "pubsub" }, default);
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
        await sidecar.DisposeAsync();
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
