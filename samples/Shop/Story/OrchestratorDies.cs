using Shop.Orders;
using Shop.Running;

namespace Shop.Story;

/// <summary>Scene 3.</summary>
internal sealed class OrchestratorDies : IScene
{
    private const string OrderId = "story-3";

    public string Title => "3. The orchestrator is killed while everything is held";

    public async Task PlayAsync(Stage stage)
    {
        var (stock, balance) = (await stage.StockAsync("A1"), await stage.BalanceAsync("alice"));
        stage.Teller.Say(
            "Alice orders five pieces of A1 for 9000, to be done in 8 s. The network loses what the payment service "
            + "answers, so the orchestrator cannot go on: everything is held, nothing confirmed.");
        stage.LineTo(ShopPorts.Payment).LoseAnswers();
        var saga = await stage.PlaceAsync(
            new OrderData(OrderId, "alice", "A1", 5, 9000), new PlaceOptions(TimeSpan.FromSeconds(8)));
        await stage.CheckBalanceAsync("alice", balance - 9000, TimeSpan.FromSeconds(4));
        await stage.CheckStockAsync("A1", stock - 5, TimeSpan.Zero);
        await stage.CheckOrderAsync(OrderId, "placed", TimeSpan.Zero);

        var orchestrator = stage.Cluster[ShopPorts.Orchestrator];
        stage.Teller.Say(
            $"  kill -9 {orchestrator.Id}: the orchestrator is dead. Nobody will tell the services anything from now "
            + "on.");
        await orchestrator.KillAsync();
        stage.LineTo(ShopPorts.Payment).Mend();
        await stage.CheckStockAsync("A1", stock - 5, TimeSpan.Zero);
        await stage.Teller.WaitUntilAsync(
            saga.ExpiresAt, "waiting for the expiry that each service wrote down for itself");
        await stage.CheckOrderAsync(OrderId, "cancelled", Stage.AfterExpiry);
        await stage.CheckStockAsync("A1", stock, Stage.AfterExpiry);
        await stage.CheckBalanceAsync("alice", balance, Stage.AfterExpiry);

        stage.Teller.Say("The orchestrator comes back, finds the saga in its file and asks everybody.");
        await stage.Cluster.StartAsync(ShopPorts.Orchestrator, stage.Cancel);
        await stage.CheckOutcomeAsync(saga.Id, "compensated");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
            await stage.CheckEffectsAsync(service, saga.Id, "done, undone by expiry");
        await stage.CheckStockAsync("A1", stock, TimeSpan.Zero);
        await stage.CheckBalanceAsync("alice", balance, TimeSpan.Zero);
        await stage.CheckParcelAsync(OrderId, "none");
    }
}
