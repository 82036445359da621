using Shop.Orders;
using Shop.Running;

namespace Shop.Story;

/// <summary>Scene 5, the case this project began with.</summary>
internal sealed class PaidButSoldOut : IScene
{
    private const string OrderId = "story-5";

    public string Title => "5. Paid, sold out, and the one who knows it can tell nobody";

    public async Task PlayAsync(Stage stage)
    {
        var line = stage.LineTo(ShopPorts.Inventory);
        var balance = await stage.BalanceAsync("alice");
        var isOverBroker = await stage.TakeToTheBrokerAsync();
        if (isOverBroker)
            stage.Teller.Say("From here on every command and every answer is an event that goes over the broker.");
        stage.Teller.Say(
            "SCARCE is sold out. Alice pays 700 for one all the same. Inventory says no, but its answer gets lost, and "
            + "then it is cut off altogether. The expiry is 7 s away.");
        line.LoseAnswers();
        var order = new OrderData(OrderId, "alice", "SCARCE", 1, 700);
        var saga = await stage.PlaceAsync(
            order, new PlaceOptions(TimeSpan.FromSeconds(7)) { Definition = "place-order-pay-first" });
        await stage.Teller.CheckAsync(
            "inventory says", "refused", TimeSpan.FromSeconds(4),
            () => stage.LedgerAsync(ShopPorts.Inventory, "reserve-stock", saga.Id));
        line.Cut();
        await stage.CheckBalanceAsync("alice", balance - 700, TimeSpan.Zero);
        await stage.CheckOrderAsync(OrderId, "placed", TimeSpan.Zero);

        await stage.Teller.WaitUntilAsync(saga.ExpiresAt, "waiting for the expiry");
        await stage.CheckOrderAsync(OrderId, "cancelled", Stage.AfterExpiry);
        await stage.CheckBalanceAsync("alice", balance, Stage.AfterExpiry);
        await CheckInventoryKnowsAsync(stage, saga, order);

        stage.Teller.Say("The line is mended.");
        line.Mend();
        await stage.CheckOutcomeAsync(saga.Id, "compensated");
        if (isOverBroker) await CheckItWentOverTheBrokerAsync(stage, saga);
        await stage.CheckEffectsAsync(ShopPorts.Inventory, saga.Id, "nothing");
        await stage.CheckStockAsync("SCARCE", 0, TimeSpan.Zero);
        await stage.CheckBalanceAsync("alice", balance, TimeSpan.Zero);
        await stage.CheckParcelAsync(OrderId, "none");
    }

    private static async Task CheckInventoryKnowsAsync(Stage stage, SagaRead saga, OrderData order)
    {
        stage.Teller.Say("Inventory is still cut off. It knows all the same, and refuses what comes late:");
        await stage.Teller.CheckAsync(
            "inventory's log says that it is over", true, Stage.AfterExpiry,
            () => Task.FromResult(stage.HasSaid(ShopPorts.Inventory, saga.Id, "it is over")));
        using var late = new LateMessages(stage.Cluster.AddressOf(ShopPorts.Inventory), saga.Id, saga.ExpiresAt);
        var data = new { order.OrderId, order.Sku, order.Quantity };
        stage.Teller.Check(
            "a late do is answered", "409 refused", await late.SendAsync("do", "reserve-stock", data, stage.Cancel));
        stage.Teller.Check(
            "a late confirm is answered", "410 refused",
            await late.SendAsync("confirm", "reserve-stock", null, stage.Cancel));
        stage.Teller.Check(
            "a do that it never saw before is answered", "410 expired",
            await late.SendAsync("do", "reserve-stock~2", data, stage.Cancel));
        await stage.CheckStockAsync("SCARCE", 0, TimeSpan.Zero);
    }

    // What inventory said in time was in its outbox until now. It comes late and must change nothing.
    private static async Task CheckItWentOverTheBrokerAsync(Stage stage, SagaRead saga)
    {
        (string Service, string Step)[] called =
            [(ShopPorts.Order, "create-order"), (ShopPorts.Payment, "charge"), (ShopPorts.Inventory, "reserve-stock")];
        foreach (var (service, step) in called)
            await stage.Teller.CheckAsync(
                $"the do of {step} came over the broker", true,
                () => Task.FromResult(stage.HasSaid(service, $"{step} do of saga {saga.Id}", "over the broker")));
        await stage.Teller.CheckAsync(
            "inventory's no has arrived at last, and no call waits for it", true, Stage.AfterMending,
            () => Task.FromResult(stage.HasSaid(
                ShopPorts.Orchestrator, "409", $"{saga.Id}/reserve-stock/do", "over the broker, and no call waits")));
        stage.Teller.Check(
            "the orchestrator still reports", "compensated",
            (await stage.Shop.SagaAsync(saga.Id, stage.Cancel)).Outcome);
    }
}
