using Shop.Orders;
using Shop.Running;

namespace Shop.Story;

/// <summary>Scene 4.</summary>
internal sealed class CutDuringConfirm : IScene
{
    private const string OrderId = "story-4";

    public string Title => "4. Inventory is cut off during the confirm";

    public async Task PlayAsync(Stage stage)
    {
        var line = stage.LineTo(ShopPorts.Inventory);
        var (stock, balance) = (await stage.StockAsync("A1"), await stage.BalanceAsync("alice"));
        stage.Teller.Say(
            "Everybody has said yes and is asked to confirm. In that very moment the line to inventory breaks: "
            + "order and payment confirm, inventory never hears of it. This is where a mere expiry would leave half "
            + "an order behind.");
        line.CutBefore("POST /saga/reserve-stock/confirm");
        var saga = await stage.PlaceAsync(
            new OrderData(OrderId, "alice", "A1", 3, 6000), new PlaceOptions(TimeSpan.FromSeconds(7)));
        await stage.CheckOrderAsync(OrderId, "confirmed", TimeSpan.FromSeconds(5));
        await stage.Teller.CheckAsync(
            "payment is", "confirmed", () => stage.LedgerAsync(ShopPorts.Payment, "charge", saga.Id));
        await stage.Teller.CheckAsync(
            "the line to inventory is cut", true, () => Task.FromResult(line.WasCut.IsCompleted));
        await stage.Teller.CheckAsync(
            "inventory only holds", "held", () => stage.LedgerAsync(ShopPorts.Inventory, "reserve-stock", saga.Id));
        var overview = await stage.Shop.OverviewAsync(OrderId, stage.Cancel);
        stage.Teller.Check(
            "the overview names what it cannot reach", "stock",
            string.Join(", ", overview.Unreachable.Select(part => part.Part)));

        await stage.Teller.WaitUntilAsync(saga.ExpiresAt, "waiting for the deadline");
        await stage.CheckStockAsync("A1", stock, Stage.AfterExpiry);
        await stage.CheckOrderAsync(OrderId, "cancelled", Stage.AfterExpiry);
        await stage.CheckBalanceAsync("alice", balance, Stage.AfterExpiry);
        var now = await stage.Shop.SagaAsync(saga.Id, stage.Cancel);
        stage.Teller.Check(
            "the orchestrator does not claim an end while inventory has not answered", "compensating", now.Phase);

        stage.Teller.Say("The line is mended.");
        line.Mend();
        await stage.CheckOutcomeAsync(saga.Id, "compensated");
        await stage.CheckEffectsAsync(ShopPorts.Order, saga.Id, "done, confirmed, undone by command");
        await stage.CheckEffectsAsync(ShopPorts.Payment, saga.Id, "done, confirmed, undone by command");
        await stage.CheckEffectsAsync(ShopPorts.Inventory, saga.Id, "done, undone by expiry");
        await stage.CheckParcelAsync(OrderId, "none");
        await stage.Teller.CheckAsync(
            "inventory has been told that it is over", true, Stage.AfterMending,
            () => stage.Shop.HasHeardTheEndAsync(ShopPorts.Inventory, "reserve-stock", saga.Id, stage.Cancel));
    }
}
