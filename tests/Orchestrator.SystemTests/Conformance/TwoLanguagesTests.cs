using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Conformance;

public sealed class TwoLanguagesTests
{
    [Fact]
    public async Task A_saga_across_Node_and_dotnet_completes_or_leaves_nothing_and_Node_needs_nobody_at_the_expiry()
    {
        await using var both = await TwoLanguages.StartAsync();
        var (shop, node) = (both.Shop, both.Node);

        var good = await both.PlaceAsync("A1");
        await shop.EndsAsync(good, "completed");
        (await both.LedgersAsync(good)).Should().Be(("confirmed", "confirmed"));
        (await node.LeftOnAsync("monday"), await node.LeftOnAsync("sent monday")).Should().Be((98, 98));

        var soldOut = await both.PlaceAsync("NOWHERE");
        await shop.EndsAsync(soldOut, "compensated");
        (await both.LedgersAsync(soldOut)).Should().Be(("undone", "refused"));
        (await node.LeftOnAsync("monday"), await shop.Client.StockAsync("A1", CancellationToken.None)).Should().Be((98, 99));

        await shop.ProcessOf(ShopPorts.Inventory).KillAsync();
        var alone = await both.PlaceAsync("A1", "?deadline=5s");
        await Eventually.BecomesAsync(96, OpenShop.Patience, () => node.LeftOnAsync("monday"));
        foreach (var name in ShopPorts.Programs) await shop.ProcessOf(name).KillAsync();
        await Eventually.BecomesAsync(98, OpenShop.Patience, () => node.LeftOnAsync("monday"));
        (await both.CourierAsync(alone)).Should().Be("undone");
    }
}
