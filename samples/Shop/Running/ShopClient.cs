using System.Globalization;
using System.Net;
using System.Text.Json;
using Shop.Inventory;
using Shop.Orders;
using Shop.Payment;
using Shop.Serving;

namespace Shop.Running;

/// <summary>
/// What a customer and an auditor do: place orders, follow sagas, read the books. Safe for any number of threads.
/// </summary>
internal sealed class ShopClient(Func<string, Uri> addressOf) : IDisposable
{
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(90) };

    /// <summary>Places an order; waits for its end as long as the options say.</summary>
    internal async Task<SagaRead> PlaceAsync(OrderData order, PlaceOptions options, CancellationToken cancel)
    {
        using var answer = await SendAsync(order, options, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(
                await answer.Content.ReadAsStringAsync(cancel), null, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<SagaRead>(cancel))!;
    }

    /// <summary>Places an order and gives the answer as it is.</summary>
    internal async Task<HttpResponseMessage> SendAsync(OrderData order, PlaceOptions options, CancellationToken cancel)
    {
        var seconds = options.Deadline.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var address = new Uri(
            addressOf(ShopPorts.Orchestrator), $"/sagas/{options.Definition}?deadline={seconds}s&key={order.OrderId}");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(order) };
        if (options.Wait > TimeSpan.Zero) request.Headers.Add("Prefer", $"wait={(int)options.Wait.TotalSeconds}");
        if (options.IdempotencyKey is { } key) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, cancel);
    }

    /// <summary>The saga as the orchestrator tells it.</summary>
    internal async Task<SagaRead> SagaAsync(string id, CancellationToken cancel) =>
        await FindAsync<SagaRead>(ShopPorts.Orchestrator, $"/sagas/{id}", cancel)
        ?? throw new InvalidOperationException($"The orchestrator knows nothing of saga {id}.");

    /// <summary><c>placed</c>, <c>confirmed</c>, <c>cancelled</c>, or <c>unknown</c>.</summary>
    internal async Task<string> OrderAsync(string orderId, CancellationToken cancel) =>
        (await FindAsync<OrderRead>(ShopPorts.Order, $"/orders/{orderId}", cancel))?.State ?? "unknown";

    /// <summary>Pieces that can be sold.</summary>
    internal async Task<long> StockAsync(string sku, CancellationToken cancel) =>
        (await FindAsync<StockRead>(ShopPorts.Inventory, $"/stock/{sku}", cancel))!.Available;

    /// <summary>Money in the account.</summary>
    internal async Task<long> BalanceAsync(string customer, CancellationToken cancel) =>
        (await FindAsync<AccountRead>(ShopPorts.Payment, $"/accounts/{customer}", cancel))!.Balance;

    /// <summary><c>sent</c> or <c>none</c>.</summary>
    internal async Task<string> ParcelAsync(string orderId, CancellationToken cancel) =>
        await FindAsync<JsonElement?>(ShopPorts.Delivery, $"/parcels/{orderId}", cancel) is null ? "none" : "sent";

    /// <summary>The order from all sides.</summary>
    internal async Task<OrderOverview> OverviewAsync(string orderId, CancellationToken cancel) =>
        (await FindAsync<OrderOverview>(ShopPorts.Order, $"/orders/{orderId}/overview", cancel))!;

    /// <summary>Everything a service ever did for a saga, or for all.</summary>
    internal async Task<IReadOnlyList<Effect>> EffectsAsync(string service, string? sagaId, CancellationToken cancel) =>
        (await FindAsync<EffectList>(service, sagaId is null ? "/effects" : $"/effects?saga={sagaId}", cancel))!.Items;

    /// <summary>The state of a ledger row: <c>held</c>, <c>confirmed</c>, ..., or <c>none</c>.</summary>
    internal async Task<string> LedgerAsync(string service, string step, string sagaId, CancellationToken cancel) =>
        (await FindAsync<LedgerRead>(service, $"/saga/{step}/{sagaId}", cancel))?.State ?? "none";

    /// <summary>True when a service knows that the saga has ended.</summary>
    internal async Task<bool> HasHeardTheEndAsync(
        string service, string step, string sagaId, CancellationToken cancel) =>
        (await FindAsync<LedgerRead>(service, $"/saga/{step}/{sagaId}", cancel))?.EndedAt is not null;

    public void Dispose() => client.Dispose();

    private async Task<T?> FindAsync<T>(string program, string path, CancellationToken cancel)
    {
        using var answer = await client.GetAsync(new Uri(addressOf(program), path), cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound) return default;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(cancel);
    }

    private sealed record LedgerRead(string State, DateTimeOffset? EndedAt);
}

/// <summary>How an order is placed.</summary>
internal sealed record PlaceOptions(TimeSpan Deadline)
{
    internal string Definition { get; init; } = "place-order";

    internal TimeSpan Wait { get; init; } = TimeSpan.Zero;

    internal string? IdempotencyKey { get; init; }
}

/// <summary>What the shop reads of a saga.</summary>
internal sealed record SagaRead(
    string Id, string Phase, string? Outcome, DateTimeOffset ExpiresAt, bool Stuck, SagaReasonRead? Reason,
    IReadOnlyList<SagaStepRead>? Steps);

/// <summary>Why a saga went back.</summary>
internal sealed record SagaReasonRead(string Code, string Text);

/// <summary>What the shop reads of a step.</summary>
internal sealed record SagaStepRead(string Name, string State);
