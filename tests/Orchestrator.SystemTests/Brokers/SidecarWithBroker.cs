using Orchestrator.StandIn;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>A stand-in for the sidecars of all five programs of a shop, with a real broker behind it.</summary>
internal sealed class SidecarWithBroker : IAsyncDisposable
{
    private readonly StandInSidecar sidecar;

    private SidecarWithBroker(RedisServer broker, RedisPublisher topics, StandInSidecar sidecar)
    {
        (Broker, Topics) = (broker, topics);
        this.sidecar = sidecar;
    }

    internal RedisServer Broker { get; }

    internal RedisPublisher Topics { get; }

    internal SidecarPorts Ports => new(sidecar.GrpcAddress.Port, sidecar.HttpAddress.Port);

    /// <summary>Starts both; it calls the programs where they listen.</summary>
    internal static async Task<SidecarWithBroker> StartAsync(ShopPorts ports)
    {
        var broker = new RedisServer();
        await broker.StartAsync();
        var topics = new RedisPublisher(broker.Port, ShopPorts.Programs);
        var options = new StandInOptions
        {
            AppId = ShopPorts.Orchestrator,
            Apps = ShopPorts.Programs.ToDictionary(program => program, program => new Uri(ports.UrlOf(program))),
        };
        return new SidecarWithBroker(broker, topics, await StandInSidecar.StartAsync(options, publisher: topics));
    }

    public async ValueTask DisposeAsync()
    {
        await sidecar.DisposeAsync();
        Topics.Dispose();
        await Broker.DisposeAsync();
    }
}
