using Dapper;
using Orchestrator.Participant;
using Shop.Serving;

namespace Shop.Inventory;

/// <summary>Sets pieces aside: <c>reserved</c>, then <c>sold</c> or <c>released</c>.</summary>
internal sealed class InventoryService(Effects effects) : IShopService
{
    public string Name => "inventory";

    public string Schema => """
        CREATE TABLE IF NOT EXISTS stock (
            sku TEXT NOT NULL PRIMARY KEY,
            available INTEGER NOT NULL CHECK (available >= 0));
        INSERT INTO stock (sku, available) VALUES ('A1', 100), ('SCARCE', 1) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS reservations (
            id TEXT NOT NULL PRIMARY KEY,
            order_id TEXT NOT NULL,
            sku TEXT NOT NULL,
            quantity INTEGER NOT NULL,
            state TEXT NOT NULL);
        """;

    public void Map(WebApplication app, ShopDatabase database)
    {
        app.MapSagaStep<ReservationData, ReservationOutput>(
            "reserve-stock", step => step.Do(ReserveAsync).OnConfirm(SellAsync).Undo(ReleaseAsync));
        app.MapGet("/stock/{sku}", async (string sku, CancellationToken cancel) => Answers.FoundOr404(
            await database.FindAsync<StockRead>(
                "SELECT sku AS Sku, available AS Available FROM stock WHERE sku = @sku", new { sku }, cancel),
            "sku", sku));
    }

    private async Task<SagaAnswer<ReservationOutput>> ReserveAsync(
        SagaCall<ReservationData> call, CancellationToken cancel)
    {
        var (orderId, sku, quantity) = call.Data;
        if (quantity < 1) return SagaAnswer.Refuse($"{quantity} pieces of {sku} cannot be set aside.");
        var taken = await call.WriteAsync(
            "UPDATE stock SET available = available - @quantity WHERE sku = @sku AND available >= @quantity",
            new { sku, quantity });
        if (taken == 0) return SagaAnswer.Refuse(await WhyNotAsync(call));
        var id = $"R-{Guid.NewGuid():N}";
        await call.WriteOneAsync(
            """
            INSERT INTO reservations (id, order_id, sku, quantity, state)
            VALUES (@id, @orderId, @sku, @quantity, 'reserved')
            """,
            new { id, orderId, sku, quantity });
        await effects.DidAsync(call, sku, -quantity);
        return new ReservationOutput(id);
    }

    private static async Task<string> WhyNotAsync(SagaCall<ReservationData> call)
    {
        var (_, sku, quantity) = call.Data;
        var left = await call.Connection.ExecuteScalarAsync<long?>(
            "SELECT available FROM stock WHERE sku = @sku", new { sku }, call.Transaction);
        return left switch
        {
            null => $"{sku} is not sold here.",
            0 => $"{sku} is out of stock.",
            _ => $"Only {left} of {quantity} pieces of {sku} are left.",
        };
    }

    private async Task SellAsync(SagaCall<ReservationData, ReservationOutput> call, CancellationToken cancel)
    {
        await call.WriteOneAsync(
            "UPDATE reservations SET state = 'sold' WHERE id = @Reservation AND state = 'reserved'",
            new { call.Output.Reservation });
        await effects.ConfirmedAsync(call, call.Data.Sku);
    }

    private async Task ReleaseAsync(SagaCall<ReservationData, ReservationOutput> call, CancellationToken cancel)
    {
        var (_, sku, quantity) = call.Data;
        await call.WriteOneAsync(
            "UPDATE reservations SET state = 'released' WHERE id = @Reservation AND state <> 'released'",
            new { call.Output.Reservation });
        await call.WriteOneAsync(
            "UPDATE stock SET available = available + @quantity WHERE sku = @sku", new { sku, quantity });
        await effects.UndidAsync(call, sku, quantity);
    }
}

/// <summary>What <c>reserve-stock</c> receives.</summary>
internal sealed record ReservationData(string OrderId, string Sku, long Quantity);

/// <summary>What <c>reserve-stock</c> answers: the reservation's id.</summary>
internal sealed record ReservationOutput(string Reservation);

/// <summary>Stock as it is read.</summary>
internal sealed record StockRead(string Sku, long Available);
