using Orchestrator.Participant;
using Shop.Serving;

namespace Shop.Orders;

/// <summary>Writes orders down: <c>placed</c>, then <c>confirmed</c> or <c>cancelled</c>.</summary>
internal sealed class OrderService(Effects effects, Overview overview) : IShopService
{
    public string Name => "order";

    public string Schema => """
        CREATE TABLE IF NOT EXISTS orders (
            order_id TEXT NOT NULL PRIMARY KEY,
            saga_id TEXT NOT NULL,
            customer TEXT NOT NULL,
            sku TEXT NOT NULL,
            quantity INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            state TEXT NOT NULL);
        """;

    public void Map(WebApplication app, ShopDatabase database)
    {
        app.MapSagaStep<OrderData, OrderOutput>(
            "create-order", step => step.Do(PlaceAsync).OnConfirm(KeepAsync).Undo(CancelAsync));
        app.MapGet("/orders/{orderId}", async (string orderId, CancellationToken cancel) =>
            Answers.FoundOr404(await FindAsync<OrderRead>(database, orderId, cancel), "order", orderId));
        app.MapGet("/orders/{orderId}/overview", async (string orderId, CancellationToken cancel) =>
        {
            var order = await FindAsync<OrderRow>(database, orderId, cancel);
            return Answers.FoundOr404(
                order is null ? null : await overview.ComposeAsync(order, cancel), "order", orderId);
        });
    }

    private static Task<T?> FindAsync<T>(ShopDatabase database, string orderId, CancellationToken cancel)
        where T : class =>
        database.FindAsync<T>(
            typeof(T) == typeof(OrderRead)
                ? "SELECT order_id AS OrderId, state AS State FROM orders WHERE order_id = @orderId"
                : """
                  SELECT order_id AS OrderId, saga_id AS SagaId, customer AS Customer, sku AS Sku, state AS State
                  FROM orders WHERE order_id = @orderId
                  """,
            new { orderId }, cancel);

    private async Task<SagaAnswer<OrderOutput>> PlaceAsync(SagaCall<OrderData> call, CancellationToken cancel)
    {
        var order = call.Data;
        if (string.IsNullOrWhiteSpace(order.OrderId)) return SagaAnswer.Refuse("An order needs an id.");
        if (order.Quantity < 1) return SagaAnswer.Refuse($"Order {order.OrderId} asks for {order.Quantity} pieces.");
        // The id of a cancelled order may be used again; any other one is taken.
        var written = await call.WriteAsync(
            """
            INSERT INTO orders (order_id, saga_id, customer, sku, quantity, amount, state)
            VALUES (@OrderId, @SagaId, @Customer, @Sku, @Quantity, @Amount, 'placed')
            ON CONFLICT (order_id) DO UPDATE SET saga_id = excluded.saga_id, customer = excluded.customer,
                sku = excluded.sku, quantity = excluded.quantity, amount = excluded.amount, state = 'placed'
            WHERE orders.state = 'cancelled'
            """,
            new { order.OrderId, call.SagaId, order.Customer, order.Sku, order.Quantity, order.Amount });
        if (written == 0) return SagaAnswer.Refuse($"There is an order {order.OrderId} already.");
        await effects.DidAsync(call, order.OrderId, 0);
        return new OrderOutput(order.OrderId);
    }

    private async Task KeepAsync(SagaCall<OrderData, OrderOutput> call, CancellationToken cancel)
    {
        await MoveAsync(call, "confirmed");
        await effects.ConfirmedAsync(call, call.Data.OrderId);
    }

    private async Task CancelAsync(SagaCall<OrderData, OrderOutput> call, CancellationToken cancel)
    {
        await MoveAsync(call, "cancelled");
        await effects.UndidAsync(call, call.Data.OrderId, 0);
    }

    private static Task MoveAsync(SagaCall<OrderData, OrderOutput> call, string state) => call.WriteOneAsync(
        "UPDATE orders SET state = @state WHERE order_id = @OrderId AND saga_id = @SagaId AND state <> @state",
        new { state, call.Data.OrderId, call.SagaId });
}

/// <summary>What <c>create-order</c> receives. <paramref name="Amount" /> is in the smallest unit of money.</summary>
internal sealed record OrderData(string OrderId, string Customer, string Sku, long Quantity, long Amount);

/// <summary>What <c>create-order</c> answers.</summary>
internal sealed record OrderOutput(string OrderId);

/// <summary>An order as it is read.</summary>
internal sealed record OrderRead(string OrderId, string State);

/// <summary>An order with what the overview has to ask for.</summary>
internal sealed record OrderRow(string OrderId, string SagaId, string Customer, string Sku, string State);
