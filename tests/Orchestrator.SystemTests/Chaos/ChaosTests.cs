using System.Collections.Concurrent;
using Orchestrator.SystemTests.Harness;
using Shop.Orders;
using Shop.Running;
using Xunit.Abstractions;

namespace Orchestrator.SystemTests.Chaos;

public abstract class ChaosTests(ShopEngine engine, ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_at_random_points_every_saga_ends_and_the_books_balance_to_the_unit()
    {
        foreach (var plan in ChaosPlan.FromEnvironment(engine)) await PlayAsync(plan);
    }

    private async Task PlayAsync(ChaosPlan plan)
    {
        output.WriteLine($"{plan}");
        await using var shop = await OpenShop.StartAsync(plan.Engine);
        var customers = new Customers(shop, plan);
        var killer = new Killer(shop, plan);

        var killing = killer.KillAllAsync();
        await Task.WhenAll(killing, customers.OrderUntilAsync(killing, CancellationToken.None));
        var ended = await EndedAsync(shop, customers.Accepted);

        var books = new Books(shop, ended);
        output.WriteLine(
            $"{ended.Count} sagas; killed: {string.Join(", ", killer.Kills)}; frozen: {killer.Freezes}; "
            + $"faults: {killer.Faults}; asked again {customers.AskedAgain} times; "
            + $"{books.Completed} completed, {ended.Count - books.Completed} compensated");
        (await books.AuditAsync()).Should().BeEmpty($"of {plan}");
        ended.Should().HaveCountGreaterThanOrEqualTo(plan.Sagas);
        books.Completed.Should().BeInRange(ended.Count / 20, ended.Count - 1, "sagas that all end alike prove little");
    }

    private static async Task<IReadOnlyDictionary<OrderData, SagaRead>> EndedAsync(
        OpenShop shop, ConcurrentDictionary<OrderData, SagaRead> accepted)
    {
        var ended = new Dictionary<OrderData, SagaRead>();
        var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(60);
        foreach (var (order, saga) in accepted)
        {
            var found = await shop.Client.SagaAsync(saga.Id, CancellationToken.None);
            while (found.Outcome is null && TimeProvider.System.GetUtcNow() < until)
            {
                await Pause.OfAsync(100);
                found = await shop.Client.SagaAsync(saga.Id, CancellationToken.None);
            }

            ended[order] = found;
        }

        return ended;
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedChaosTests(ITestOutputHelper output) : ChaosTests(ShopEngine.Embedded, output);

/// <summary>On Dapr.</summary>
public sealed class DaprChaosTests(ITestOutputHelper output) : ChaosTests(ShopEngine.Dapr, output);
