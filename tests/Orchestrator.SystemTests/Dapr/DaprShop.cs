using System.Collections.Concurrent;
using Orchestrator.StandIn;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Dapr;

/// <summary>The shop with its orchestrator on a stand-in sidecar that keeps its instances in a file.</summary>
internal sealed class DaprShop : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> words = new();
    private readonly TempFolder folder = new();
    private ChildProcess? orchestrator;

    internal OpenShop Shop { get; } = new();

    internal StandInSidecar Sidecar { get; private set; } = null!;

    internal static async Task<DaprShop> StartAsync()
    {
        var shop = new DaprShop();
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

    /// <summary>SIGKILL, and a new one on the same data.</summary>
    internal async Task KillOrchestratorAsync()
    {
        await orchestrator!.KillAsync();
        await orchestrator.DisposeAsync();
        await StartOrchestratorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (orchestrator is not null) await orchestrator.DisposeAsync();
        await Shop.DisposeAsync();
        if (Sidecar is not null) await Sidecar.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        Sidecar = await StandInSidecar.StartAsync(new StandInOptions
        {
            AppId = "orchestrator",
            DataFile = Path.Combine(folder.Path, "instances"),
        });
        foreach (var service in ShopPorts.Services) Shop.Cluster.Launch(service);
        foreach (var service in ShopPorts.Services)
            await Shop.Cluster.WaitUntilReadyAsync(service, CancellationToken.None);
        await StartOrchestratorAsync();
    }

    private async Task StartOrchestratorAsync()
    {
        string[] arguments =
        [
            .. Shop.Cluster.OrchestratorArguments(),
            "--Orchestrator:Engine=dapr",
            $"--DAPR_GRPC_PORT={Sidecar.GrpcAddress.Port}",
            $"--DAPR_HTTP_PORT={Sidecar.HttpAddress.Port}",
        ];
        orchestrator = ChildProcess.Start(ShopPorts.Orchestrator, ShopPlaces.ServiceProgram, arguments, words.Enqueue);
        using var http = new HttpClient { BaseAddress = Shop.Cluster.AddressOf(ShopPorts.Orchestrator) };
        await Eventually.BecomesAsync(
            true,
            OpenShop.Patience,
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            },
            $"the orchestrator becomes ready; it said: {string.Join('\n', words.TakeLast(20))}");
    }
}
