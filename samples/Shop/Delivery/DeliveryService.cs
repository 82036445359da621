using Orchestrator.Participant;
using Shop.Serving;

namespace Shop.Delivery;

/// <summary>Sends parcels. What is on its way cannot be called back: the step is retriable and has no undo.</summary>
internal sealed class DeliveryService(Effects effects) : IShopService
{
    public string Name => "delivery";

    public string Schema => """
        CREATE TABLE IF NOT EXISTS parcels (
            order_id TEXT NOT NULL PRIMARY KEY,
            parcel TEXT NOT NULL,
            customer TEXT NOT NULL,
            sku TEXT NOT NULL,
            quantity INTEGER NOT NULL,
            reservation TEXT NOT NULL);
        """;

    public void Map(WebApplication app, ShopDatabase database)
    {
        app.MapSagaStep<ParcelData, ParcelOutput>("dispatch", step => step.Do(DispatchAsync));
        app.MapGet("/parcels/{orderId}", async (string orderId, CancellationToken cancel) => Answers.FoundOr404(
            await database.FindAsync<ParcelRead>(
                """
                SELECT order_id AS OrderId, parcel AS Parcel, customer AS Customer, sku AS Sku, quantity AS Quantity
                FROM parcels WHERE order_id = @orderId
                """,
                new { orderId }, cancel),
            "parcel of order", orderId));
    }

    private async Task<SagaAnswer<ParcelOutput>> DispatchAsync(SagaCall<ParcelData> call, CancellationToken cancel)
    {
        var (orderId, customer, sku, quantity, reservation) = call.Data;
        var parcel = $"D-{Guid.NewGuid():N}";
        await call.WriteOneAsync(
            """
            INSERT INTO parcels (order_id, parcel, customer, sku, quantity, reservation)
            VALUES (@orderId, @parcel, @customer, @sku, @quantity, @reservation)
            """,
            new { orderId, parcel, customer, sku, quantity, reservation });
        await effects.DidAsync(call, orderId, quantity);
        return new ParcelOutput(parcel);
    }
}

/// <summary>What <c>dispatch</c> receives.</summary>
internal sealed record ParcelData(string OrderId, string Customer, string Sku, long Quantity, string Reservation);

/// <summary>What <c>dispatch</c> answers: the parcel's number.</summary>
internal sealed record ParcelOutput(string Parcel);

/// <summary>A parcel as it is read.</summary>
internal sealed record ParcelRead(string OrderId, string Parcel, string Customer, string Sku, long Quantity);
