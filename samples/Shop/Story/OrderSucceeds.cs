using Shop.Orders;
using Shop.Running;

namespace Shop.Story;

/// <summary>Scene 1.</summary>
internal sealed class OrderSucceeds : IScene
{
    public string Title => "1. An order succeeds";

    public async Task PlayAsync(Stage stage)
    {
        stage.Teller.Say(
            "Alice orders two pieces of A1 for 4200. Four services take part; each writes in a database of its own.");
        var (stock, balance) = (await stage.StockAsync("A1"), await stage.BalanceAsync("alice"));
        var saga = await stage.PlaceAsync(
            new OrderData("story-1", "alice", "A1", 2, 4200),
            new PlaceOptions(TimeSpan.FromSeconds(20)) { Wait = TimeSpan.FromSeconds(20) });
        stage.Teller.Check("the orchestrator reports", "completed", saga.Outcome);
        await stage.CheckOrderAsync("story-1", "confirmed", TimeSpan.Zero);
        await stage.CheckStockAsync("A1", stock - 2, TimeSpan.Zero);
        await stage.CheckBalanceAsync("alice", balance - 4200, TimeSpan.Zero);
        await stage.CheckParcelAsync("story-1", "sent");
        await stage.CheckEffectsAsync(ShopPorts.Payment, saga.Id, "done, confirmed");
        var overview = await stage.Shop.OverviewAsync("story-1", stage.Cancel);
        stage.Teller.Check("the overview could not reach", 0, overview.Unreachable.Count);
    }
}
