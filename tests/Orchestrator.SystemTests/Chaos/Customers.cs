using System.Collections.Concurrent;
using System.Net;
using Orchestrator.SystemTests.Harness;
using Shop.Orders;
using Shop.Running;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// Customers who go on ordering whatever dies, each order under one idempotency key until it is accepted.
/// </summary>
internal sealed class Customers(OpenShop shop, ChaosPlan plan)
{
    private const int Users = 8;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(150);

    // Longer than anything lasts that is done to the programs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private int last;

    /// <summary>Every order with the saga it was accepted as.</summary>
    internal ConcurrentDictionary<OrderData, SagaRead> Accepted { get; } = new();

    /// <summary>Orders whose acceptance had to be asked for more than once.</summary>
    internal int AskedAgain;

    /// <summary>Orders until there are sagas enough and <paramref name="killing" /> is over.</summary>
    internal Task OrderUntilAsync(Task killing, CancellationToken cancel) =>
        Task.WhenAll(
            Enumerable.Range(0, Users).Select(user => OrderAsync(new Random(plan.Seed + user), killing, cancel)));

    private async Task OrderAsync(Random random, Task killing, CancellationToken cancel)
    {
        while (Interlocked.Increment(ref last) is var number && (number <= plan.Sagas || !killing.IsCompleted))
        {
            var order = Next(random, number);
            Accepted[order] = await UntilAcceptedAsync(order, random.Next(2) == 0, cancel);
            await Pause.OfAsync(random.Next(plan.IsFull ? 2500 : 800));
        }
    }

    // Some cannot be paid, and the last pieces run out: refusals belong to the load.
    private static OrderData Next(Random random, int number) => new(
        $"chaos-{number}", random.Next(12) == 0 ? "bob" : "alice", random.Next(20) == 0 ? "SCARCE" : "A1", 1,
        random.Next(1, 1000));

    private async Task<SagaRead> UntilAcceptedAsync(OrderData order, bool payFirst, CancellationToken cancel)
    {
        var options = new PlaceOptions(Deadline)
        {
            Definition = payFirst ? "place-order-pay-first" : "place-order",
            IdempotencyKey = order.OrderId,
        };
        var askedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await shop.Client.PlaceAsync(order, options, cancel);
            }
            catch (HttpRequestException silence)
                when (silence.StatusCode is null or HttpStatusCode.ServiceUnavailable
                    or HttpStatusCode.InternalServerError)
            {
                if (TimeProvider.System.GetElapsedTime(askedAt) > Patience)
                    throw new TimeoutException($"Order {order.OrderId} was not accepted within {Patience}.", silence);
                Interlocked.Increment(ref AskedAgain);
                await Task.Delay(AskAgainAfter, TimeProvider.System, cancel);
            }
        }
    }
}
