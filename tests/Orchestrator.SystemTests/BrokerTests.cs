using Orchestrator.SystemTests.Brokers;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests;

/// <summary>
/// Sagas on an engine over a real broker that delivers twice, loses its power and comes back with what it held. Every
/// test leaves the broker running and the bank open.
/// </summary>
public abstract class BrokerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ShortDeadline = TimeSpan.FromSeconds(8);

    private readonly ShopWithBroker open;

    private protected BrokerTests(SharedShopWithBroker shared)
    {
        open = shared.Open;
        open.Topics.Repeats = false;
    }

    [Fact]
    public async Task An_order_goes_over_the_broker_and_is_done_once_though_everything_is_delivered_twice()
    {
        open.Topics.Repeats = true;

        var saga = await open.Shop.PlaceAsync(OpenShop.Order("twice-1"), Deadline, TimeSpan.FromSeconds(40));

        saga.Outcome.Should().Be("completed");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
            (await EffectsAsync(service, saga.Id)).Should().Equal("done", "confirmed");
        (await open.Shop.Client.ParcelAsync("twice-1", default)).Should().Be("sent");
        open.Topics.Delivered.Should().Contain(new Delivered("saga.payment", "saga.step.do", saga.Id))
            .And.Contain(new Delivered("saga.replies", "saga.step.replied", saga.Id));
    }

    [Fact]
    public async Task A_refusal_over_the_broker_compensates()
    {
        var saga = await open.Shop.PlaceAsync(
            OpenShop.Order("poor-1", customer: "bob"), Deadline, TimeSpan.FromSeconds(40));

        saga.Outcome.Should().Be("compensated");
        saga.Reason!.Text.Should().Contain("Insufficient funds");
        (await EffectsAsync(ShopPorts.Inventory, saga.Id)).Should().Equal("done", "undone");
    }

    [Fact]
    public async Task With_the_broker_down_from_the_start_nothing_is_done_and_late_messages_change_nothing()
    {
        var before = await BooksAsync();
        await open.Broker.KillAsync();

        var saga = await open.Shop.PlaceAsync(OpenShop.Order("dark-1"), ShortDeadline);
        // Nobody can be reached but directly, and an undo takes that way.
        await open.Shop.EndsAsync(saga.Id, "compensated");

        await open.Broker.StartAsync();
        await open.CalmAsync();
        var late = new Delivered("saga.order", "saga.step.do", saga.Id);
        await Eventually.BecomesAsync(
            true, OpenShop.Patience, () => Task.FromResult(open.Topics.Delivered.Contains(late)));
        (await BooksAsync()).Should().Be(before);
        (await EffectsAsync(ShopPorts.Order, saga.Id)).Should().BeEmpty();
        (await open.Shop.Client.LedgerAsync(ShopPorts.Order, "create-order", saga.Id, default)).Should().Be("barred");
    }

    [Fact]
    public async Task With_the_broker_lost_in_the_middle_everything_is_undone_by_the_expiry()
    {
        var before = await BooksAsync();
        // As long as payment stands still its answer is missing, and nobody is asked to confirm.
        var payment = open.Shop.ProcessOf(ShopPorts.Payment);
        payment.Freeze();
        var saga = await open.Shop.PlaceAsync(OpenShop.Order("lost-1"), ShortDeadline);
        await open.Shop.StepBecomesAsync(saga.Id, "reserve-stock", "done");

        await open.Broker.KillAsync();
        payment.Thaw();
        await open.Shop.EndsAsync(saga.Id, "compensated");
        var undone = await EffectsAsync(ShopPorts.Inventory, saga.Id);
        await open.Broker.StartAsync();
        await open.CalmAsync();

        undone.Should().Equal("done", "undone");
        (await BooksAsync()).Should().Be(before);
        (await EffectsAsync(ShopPorts.Inventory, saga.Id)).Should().Equal("done", "undone");
        string.Join(',', await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().BeOneOf("", "done,undone");
    }

    [Fact]
    public async Task With_the_broker_lost_after_the_end_the_order_stays_and_the_rest_is_told_when_it_is_back()
    {
        var saga = await open.Shop.PlaceAsync(OpenShop.Order("after-1"), Deadline, TimeSpan.FromSeconds(40));
        saga.Outcome.Should().Be("completed");
        await open.Broker.KillAsync();
        var after = await BooksAsync();

        var second = await open.Shop.PlaceAsync(OpenShop.Order("after-2"), Deadline);
        await open.Broker.StartAsync();

        await open.Shop.EndsAsync(second.Id, "completed");
        await open.CalmAsync();
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        (await BooksAsync()).Should().Be((after.Stock - 1, after.Money - 100));
    }

    private async Task<(long Stock, long Money)> BooksAsync() =>
        (await open.Shop.Client.StockAsync("A1", default), await open.Shop.Client.BalanceAsync("alice", default));

    private async Task<List<string>> EffectsAsync(string service, string saga) =>
        [.. (await open.Shop.Client.EffectsAsync(service, saga, default)).Select(effect => effect.Name)];
}

/// <summary>The same on the embedded engine.</summary>
public sealed class EmbeddedBrokerTests(SharedEmbeddedShopWithBroker shared)
    : BrokerTests(shared), IClassFixture<SharedEmbeddedShopWithBroker>;

/// <summary>The same on Dapr.</summary>
public sealed class DaprBrokerTests(SharedDaprShopWithBroker shared)
    : BrokerTests(shared), IClassFixture<SharedDaprShopWithBroker>;
