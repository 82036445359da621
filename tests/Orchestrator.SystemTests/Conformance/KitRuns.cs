using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Reporting;
using Orchestrator.Contract;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Conformance;

/// <summary>
/// All runs of the kit against processes, begun at once: each mostly waits for expiries, and so they wait together.
/// </summary>
public sealed class KitRuns : IAsyncLifetime
{
    private const string Token = "of-the-kit-and-the-courier-alone";

    private Task<KitSummary>? node;
    private Task<KitSummary>? inventory;
    private IReadOnlyList<Task<KitSummary>> faulty = [];

    internal Task<KitSummary> Node => node!;

    internal Task<KitSummary> Inventory => inventory!;

    /// <summary>In the order of <see cref="PlantedFault.All" />.</summary>
    internal IReadOnlyList<Task<KitSummary>> Faulty => faulty;

    public Task InitializeAsync()
    {
        node = PlayNodeAsync(null);
        inventory = PlayInventoryAsync();
        faulty = [.. PlantedFault.All.Select(PlayNodeAsync)];
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        // A test that failed looked at one of them; the others end their processes before the next class begins.
        foreach (var run in (Task[])[Node, Inventory, .. Faulty])
            await run.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task<KitSummary> PlayNodeAsync(PlantedFault? fault)
    {
        await using var participant = new NodeParticipant(fault?.Changes ?? []) { Token = Token };
        participant.Launch();
        await participant.WaitUntilReadyAsync();
        var options = Kit.OfCourier(participant.Address) with { Token = Token };
        // What is broken need not be waited for so long.
        if (fault is not null) options = options with { Grace = TimeSpan.FromSeconds(2) };
        return await Kit.PlayAsync(options, participant.RestartAsync);
    }

    private static async Task<KitSummary> PlayInventoryAsync()
    {
        await using var shop = new OpenShop();
        shop.Launch(ShopPorts.Inventory);
        await shop.WaitUntilReadyAsync(ShopPorts.Inventory);
        var address = shop.Cluster.AddressOf(ShopPorts.Inventory);
        var step = new OfferedStep(
            "reserve-stock", WireKind.Compensatable, new StepData("""{"orderId":"{{saga}}","sku":"A1","quantity":1}"""),
            new StepData("""{"orderId":"{{saga}}","sku":"NOWHERE","quantity":1}"""));
        return await Kit.PlayAsync(
            Kit.Options(address, step) with { Probe = new Uri(address, "/stock/A1") },
            async _ =>
            {
                await shop.ProcessOf(ShopPorts.Inventory).KillAsync();
                shop.Launch(ShopPorts.Inventory);
            });
    }
}
