using Shop.Running;

namespace Shop.Story;

/// <summary>
/// Who listens where in a story, with the lines that a scene can cut: those to payment and to inventory. Where a
/// service has a sidecar, its line is on the port that the sidecar calls, and the service itself behind it.
/// </summary>
internal sealed class StoryNetwork : IAsyncDisposable
{
    private static readonly string[] Cuttable = [ShopPorts.Payment, ShopPorts.Inventory];

    private readonly Dictionary<string, ServiceLines> lines = new(StringComparer.Ordinal);
    private readonly SidecarPorts? sidecars;

    private StoryNetwork(ShopPorts ports, SidecarPorts? sidecars) => (Ports, this.sidecars) = (ports, sidecars);

    /// <summary>Where the programs listen.</summary>
    internal ShopPorts Ports { get; }

    /// <summary>The services are called under their app ids, and a broker can be reached.</summary>
    internal bool HasBroker => sidecars is { Services.Count: > 0 };

    internal ServiceLines this[string service] => lines[service];

    /// <summary>Lays the lines.</summary>
    /// <param name="ports">What the sidecars call; without sidecars where the programs listen.</param>
    /// <param name="sidecars">The sidecars; null without Dapr.</param>
    internal static StoryNetwork Lay(ShopPorts ports, SidecarPorts? sidecars)
    {
        var hasOwn = sidecars is { Services.Count: > 0 };
        var network = new StoryNetwork(hasOwn ? ports.Move(Cuttable) : ports, sidecars);
        foreach (var service in Cuttable)
        {
            var inward = new NetworkLine(network.Ports[service], hasOwn ? ports[service] : null);
            var outward = hasOwn ? new NetworkLine(sidecars!.Services[service]) : null;
            network.lines[service] = new ServiceLines(inward, outward);
        }

        return network;
    }

    /// <summary>Tells the programs of it. Before their start.</summary>
    internal void PutInto(ShopCluster cluster)
    {
        foreach (var (service, line) in lines) cluster.PutLine(service, line.Address);
        foreach (var (service, port) in sidecars?.Services ?? new Dictionary<string, int>())
        {
            var line = lines.GetValueOrDefault(service)?.Sidecar;
            cluster.PutSidecar(service, line ?? new Uri($"http://127.0.0.1:{port}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines.Values) await line.DisposeAsync();
    }
}
