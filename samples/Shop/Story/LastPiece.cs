using Shop.Orders;
using Shop.Running;

namespace Shop.Story;

/// <summary>Scene 2.</summary>
internal sealed class LastPiece : IScene
{
    public string Title => "2. Two customers want the last piece";

    public async Task PlayAsync(Stage stage)
    {
        stage.Teller.Say(
            "There is one piece of SCARCE. Two orders want it in the same moment, and both have paid before anybody "
            + "looks into the warehouse (place-order-pay-first: the same services, the steps in another order).");
        var balance = await stage.BalanceAsync("alice");
        OrderData[] orders = [new("story-2a", "alice", "SCARCE", 1, 300), new("story-2b", "alice", "SCARCE", 1, 500)];
        var options = new PlaceOptions(TimeSpan.FromSeconds(20))
        {
            Definition = "place-order-pay-first",
            Wait = TimeSpan.FromSeconds(20),
        };
        var sagas = await Task.WhenAll(orders.Select(order => stage.PlaceAsync(order, options)));
        stage.Teller.Check(
            "the orchestrator reports", "compensated, completed",
            string.Join(", ", sagas.Select(saga => saga.Outcome).Order(StringComparer.Ordinal)));
        if (stage.Teller.Wrong.Count > 0) return;

        var winner = Array.FindIndex(sagas, saga => saga.Outcome == "completed");
        var (won, lost) = (orders[winner], orders[1 - winner]);
        stage.Teller.Say($"  {won.OrderId} got it. {lost.OrderId} was told: {sagas[1 - winner].Reason?.Text}");
        await stage.CheckOrderAsync(won.OrderId, "confirmed", TimeSpan.Zero);
        await stage.CheckOrderAsync(lost.OrderId, "cancelled", TimeSpan.Zero);
        await stage.CheckStockAsync("SCARCE", 0, TimeSpan.Zero);
        await stage.CheckEffectsAsync(ShopPorts.Payment, sagas[winner].Id, "done, confirmed");
        await stage.CheckEffectsAsync(ShopPorts.Payment, sagas[1 - winner].Id, "done, undone by command");
        await stage.CheckBalanceAsync("alice", balance - won.Amount, TimeSpan.Zero);
        await stage.CheckParcelAsync(won.OrderId, "sent");
        await stage.CheckParcelAsync(lost.OrderId, "none");
    }
}
