using System.Globalization;
using Orchestrator.StandIn;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>
/// The open shop on either engine, every service reached over a real broker behind a stand-in for the sidecar.
/// </summary>
internal sealed class ShopWithBroker : IAsyncDisposable
{
    private readonly StandInSidecar sidecar;

    private ShopWithBroker(RedisServer broker, RedisPublisher topics, StandInSidecar sidecar, OpenShop shop)
    {
        (Broker, Topics, Shop) = (broker, topics, shop);
        this.sidecar = sidecar;
    }

    internal RedisServer Broker { get; }

    internal RedisPublisher Topics { get; }

    internal OpenShop Shop { get; }

    internal static async Task<ShopWithBroker> OpenAsync(string engine)
    {
        var broker = new RedisServer();
        await broker.StartAsync();
        var topics = new RedisPublisher(broker.Port, ShopPorts.Programs);
        var ports = ShopPorts.Free();
        var options = new StandInOptions
        {
            AppId = ShopPorts.Orchestrator,
            Apps = ShopPorts.Programs.ToDictionary(program => program, program => new Uri(ports.UrlOf(program))),
        };
        var standIn = await StandInSidecar.StartAsync(options, publisher: topics);
        var shop = new OpenShop(ports, new Dictionary<string, string>
        {
            ["Orchestrator__Engine"] = engine,
            ["DAPR_HTTP_PORT"] = standIn.HttpAddress.Port.ToString(CultureInfo.InvariantCulture),
            ["DAPR_GRPC_PORT"] = standIn.GrpcAddress.Port.ToString(CultureInfo.InvariantCulture),
        });
        var open = new ShopWithBroker(broker, topics, standIn, shop);
        try
        {
            await shop.StartAllAsync();
            foreach (var service in ShopPorts.Services)
                await shop.MoveAsync(service, new { url = shop.Ports.UrlOf(service), via = "pubsub" });
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
        Topics.Dispose();
        await Broker.DisposeAsync();
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
