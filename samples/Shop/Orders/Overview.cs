using System.Net;
using System.Text.Json;

namespace Shop.Orders;

/// <summary>
/// Composes what five services know of one order. A part that cannot be reached is named, not hidden.
/// </summary>
internal sealed class Overview(HttpClient client, Neighbours neighbours)
{
    internal async Task<OrderOverview> ComposeAsync(OrderRow order, CancellationToken cancel)
    {
        var stock = ReadAsync("stock", neighbours.Inventory, $"/stock/{Uri.EscapeDataString(order.Sku)}", cancel);
        var payment = ReadAsync(
            "payment", neighbours.Payment, $"/accounts/{Uri.EscapeDataString(order.Customer)}", cancel);
        var parcel = ReadAsync(
            "parcel", neighbours.Delivery, $"/parcels/{Uri.EscapeDataString(order.OrderId)}", cancel);
        var saga = ReadAsync("saga", neighbours.Orchestrator, $"/sagas/{Uri.EscapeDataString(order.SagaId)}", cancel);
        var parts = await Task.WhenAll(stock, payment, parcel, saga);
        return new OrderOverview(
            order.OrderId, new OrderRead(order.OrderId, order.State),
            parts[0].Value, parts[1].Value, parts[2].Value, parts[3].Value,
            [.. parts.Where(part => part.Missing is not null).Select(part => part.Missing!)]);
    }

    private async Task<Part> ReadAsync(string name, Uri service, string path, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(service, path), cancel);
            if (answer.StatusCode == HttpStatusCode.NotFound) return new Part(null, null);
            if (answer.IsSuccessStatusCode)
                return new Part(await answer.Content.ReadFromJsonAsync<JsonElement>(cancel), null);
            return Unreachable(name, service, $"answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException failure)
        {
            return Unreachable(name, service, $"cannot be reached ({failure.HttpRequestError})");
        }
        catch (JsonException)
        {
            return Unreachable(name, service, "answered what is not JSON");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Unreachable(name, service, $"did not answer within {client.Timeout.TotalSeconds:0.#} s");
        }
    }

    private static Part Unreachable(string name, Uri service, string what) =>
        new(null, new UnreachablePart(name, $"{service.Authority} {what}."));

    private sealed record Part(JsonElement? Value, UnreachablePart? Missing);
}

/// <summary>Where the other services are.</summary>
internal sealed record Neighbours(Uri Orchestrator, Uri Inventory, Uri Payment, Uri Delivery);

/// <summary>An order from all sides. A part is null when there is none, or when it is listed as unreachable.</summary>
internal sealed record OrderOverview(
    string OrderId, OrderRead Order, JsonElement? Stock, JsonElement? Payment, JsonElement? Parcel, JsonElement? Saga,
    IReadOnlyList<UnreachablePart> Unreachable);

/// <summary>A part nobody could be asked for.</summary>
internal sealed record UnreachablePart(string Part, string Text);
