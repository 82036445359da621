using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Story;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// A shop in which everything can go wrong: a line to each service, and in full chaos a clock for each program and two
/// disks, one for the orchestrator and one for the services.
/// </summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    private const int OrchestratorMegabytes = 512;
    private const int ServicesMegabytes = 768;

    private readonly TempFolder folder = new();
    private readonly Dictionary<string, NetworkLine> lines = new(StringComparer.Ordinal);
    private readonly List<(string Owner, SlowDisk Disk)> disks = [];

    private ChaosWorld(ChaosPlan plan)
    {
        Clocks = plan.IsFull ? Clocks.In(Path.Combine(folder.Path, "clocks")) : null;
        Shop = new OpenShop(engine: plan.Engine);
        if (Clocks is { } clocks) Shop.Cluster.AddEnvironment = clocks.EnvironmentOf;
        foreach (var service in ShopPorts.Services)
        {
            lines[service] = new NetworkLine(Shop.Ports[service]);
            Shop.Cluster.PutLine(service, lines[service].Address);
        }
    }

    internal OpenShop Shop { get; }

    /// <summary>Null in a short round.</summary>
    internal Clocks? Clocks { get; }

    internal IReadOnlyDictionary<string, NetworkLine> Lines => lines;

    /// <summary>The disk of the orchestrator, and of the services; none in a short round.</summary>
    internal IReadOnlyList<(string Owner, SlowDisk Disk)> Disks => disks;

    internal static async Task<ChaosWorld> OpenAsync(ChaosPlan plan)
    {
        var world = new ChaosWorld(plan);
        try
        {
            if (plan.IsFull) await world.MountAsync();
            await world.Shop.StartAllAsync();
            if (plan.IsFull) await world.StockUpAsync(plan.Pieces);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A disk can be taken away only after the programs that write on it, and the inner one first.
        await Shop.Cluster.DisposeAsync();
        if (Shop.HasSidecar) await Shop.Sidecar.DisposeAsync();
        foreach (var (_, disk) in Enumerable.Reverse(disks)) await disk.DisposeAsync();
        foreach (var line in lines.Values) await line.DisposeAsync();
        await Shop.DisposeAsync();
        Clocks?.Dispose();
        folder.Dispose();
    }

    private async Task MountAsync()
    {
        disks.Add(("services", await SlowDisk.MountAsync(
            Shop.Data, Path.Combine(folder.Path, "services.img"), ServicesMegabytes)));
        disks.Add((ShopPorts.Orchestrator, await SlowDisk.MountAsync(
            Shop.OrchestratorData, Path.Combine(folder.Path, "orchestrator.img"), OrchestratorMegabytes)));
    }

    // The shop begins with few pieces, which would be sold within seconds.
    private async Task StockUpAsync(long pieces)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(Shop.Data, "inventory.db")};Default Timeout=5;Pooling=False");
        await connection.ExecuteAsync("UPDATE stock SET available = @pieces WHERE sku = 'A1'", new { pieces });
    }
}
