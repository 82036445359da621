using Orchestrator.SystemTests.Harness;
using Orchestrator.SystemTests.Pages;

namespace Orchestrator.SystemTests.Telemetry;

/// <summary>
/// An orchestrator that a real Prometheus watches, with orders coming in all the time: some complete, some are refused
/// and undone, some cannot be paid for the bank is down, and one is stuck.
/// </summary>
public sealed class WatchedScene : IAsyncLifetime
{
    private const int OrderEvery = 100;

    private Task orders = Task.CompletedTask;
    private volatile bool isOver;

    internal static string Dashboards { get; } = Path.Combine(Repository.Folder, "docs", "dashboards");

    internal Scene Scene { get; } = new();

    internal PrometheusServer Prometheus { get; } = new();

    public async Task InitializeAsync()
    {
        await Scene.InitializeAsync();
        await Prometheus.StartAsync(Scene.Service, Path.Combine(Dashboards, "alerts.yaml"));
        orders = OrderAsync();
        var stuck = await Scene.StuckAsync("stuck");
        await Scene.BatchAsync("retry", stuck);
    }

    public async Task DisposeAsync()
    {
        isOver = true;
        await orders;
        await Prometheus.DisposeAsync();
        await Scene.DisposeAsync();
    }

    private async Task OrderAsync()
    {
        for (var number = 0; !isOver; number++)
        {
            await Scene.PlaceAsync($"good-{number}");
            await Scene.PlaceAsync(
                $"refused-{number}", trouble: Scene.Trouble("payment/do", 409, "The card has expired.", "refused"));
            if (number < 3)
                await Scene.PlaceAsync($"unpaid-{number}", trouble: Scene.Trouble("payment/do", 500, "The bank is down."));
            await Pause.OfAsync(OrderEvery);
        }
    }
}
