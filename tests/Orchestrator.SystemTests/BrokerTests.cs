using Orchestrator.SystemTests.Brokers;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests;

/// <summary>
/// Sagas on both engines over a real broker that delivers twice, loses its power and comes back with what it held.
/// </summary>
public sealed class BrokerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ShortDeadline = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData("embedded")]
    [InlineData("dapr")]
    public async Task An_order_goes_over_the_broker_and_is_done_once_though_everything_is_delivered_twice(string engine)
    {
        await using var open = await ShopWithBroker.OpenAsync(engine);
        open.Topics.Repeats = true;

        var saga = await open.Shop.PlaceAsync(OpenShop.Order("twice-1"), Deadline, TimeSpan.FromSeconds(40));

        saga.Outcome.Should().Be("completed");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
            (await EffectsAsync(open, service, saga.Id)).Should().Equal("done", "confirmed");
        (await open.Shop.Client.ParcelAsync("twice-1", default)).Should().Be("sent");
        open.Topics.Delivered.Should().Contain(("saga.payment", "saga.step.do"))
            .And.Contain(("saga.replies", "saga.step.replied"));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("dapr")]
    public async Task A_refusal_over_the_broker_compensates(string engine)
    {
        await using var open = await ShopWithBroker.OpenAsync(engine);

        var saga = await open.Shop.PlaceAsync(
            OpenShop.Order("poor-1", customer: "bob"), Deadline, TimeSpan.FromSeconds(40));

        saga.Outcome.Should().Be("compensated");
        saga.Reason!.Text.Should().Contain("Insufficient funds");
        (await EffectsAsync(open, ShopPorts.Inventory, saga.Id)).Should().Equal("done", "undone");
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("dapr")]
    public async Task With_the_broker_down_from_the_start_nothing_is_done_and_late_messages_change_nothing(
        string engine)
    {
        await using var open = await ShopWithBroker.OpenAsync(engine);
        var before = await BooksAsync(open);
        await open.Broker.KillAsync();

        var saga = await open.Shop.PlaceAsync(OpenShop.Order("dark-1"), ShortDeadline);
        // Nobody can be reached but directly, and an undo takes that way.
        await open.Shop.EndsAsync(saga.Id, "compensated");

        await open.Broker.StartAsync();
        await open.CalmAsync();
        await DeliveredAsync(open, "saga.order", "saga.step.do");
        (await BooksAsync(open)).Should().Be(before);
        (await EffectsAsync(open, ShopPorts.Order, saga.Id)).Should().BeEmpty();
        (await open.Shop.Client.LedgerAsync(ShopPorts.Order, "create-order", saga.Id, default)).Should().Be("barred");
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("dapr")]
    public async Task With_the_broker_lost_in_the_middle_everything_is_undone_by_the_expiry(string engine)
    {
        await using var open = await ShopWithBroker.OpenAsync(engine);
        var before = await BooksAsync(open);
        await open.Shop.CloseBankAsync(60);
        var saga = await open.Shop.PlaceAsync(OpenShop.Order("lost-1"), ShortDeadline);
        await open.Shop.StepBecomesAsync(saga.Id, "reserve-stock", "done");

        await open.Broker.KillAsync();
        await open.Shop.EndsAsync(saga.Id, "compensated");
        var undone = await EffectsAsync(open, ShopPorts.Inventory, saga.Id);
        await open.Shop.CloseBankAsync(0);
        await open.Broker.StartAsync();
        await open.CalmAsync();

        undone.Should().Equal("done", "undone");
        (await BooksAsync(open)).Should().Be(before);
        (await EffectsAsync(open, ShopPorts.Inventory, saga.Id)).Should().Equal("done", "undone");
        string.Join(',', await EffectsAsync(open, ShopPorts.Payment, saga.Id)).Should().BeOneOf("", "done,undone");
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("dapr")]
    public async Task With_the_broker_lost_after_the_end_the_order_stays_and_the_rest_is_told_when_it_is_back(
        string engine)
    {
        await using var open = await ShopWithBroker.OpenAsync(engine);
        var saga = await open.Shop.PlaceAsync(OpenShop.Order("after-1"), Deadline, TimeSpan.FromSeconds(40));
        saga.Outcome.Should().Be("completed");
        await open.Broker.KillAsync();
        var after = await BooksAsync(open);

        var second = await open.Shop.PlaceAsync(OpenShop.Order("after-2"), Deadline);
        await open.Broker.StartAsync();

        await open.Shop.EndsAsync(second.Id, "completed");
        await open.CalmAsync();
        (await EffectsAsync(open, ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        (await BooksAsync(open)).Should().Be((after.Stock - 1, after.Money - 100));
    }

    private static async Task<(long Stock, long Money)> BooksAsync(ShopWithBroker open) =>
        (await open.Shop.Client.StockAsync("A1", default), await open.Shop.Client.BalanceAsync("alice", default));

    private static async Task<List<string>> EffectsAsync(ShopWithBroker open, string service, string saga) =>
        [.. (await open.Shop.Client.EffectsAsync(service, saga, default)).Select(effect => effect.Name)];

    private static Task DeliveredAsync(ShopWithBroker open, string topic, string type) => Eventually.BecomesAsync(
        true, OpenShop.Patience, () => Task.FromResult(open.Topics.Delivered.Contains((topic, type))));
}
