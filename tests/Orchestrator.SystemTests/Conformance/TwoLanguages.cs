using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Conformance;

/// <summary>The shop, and the courier in Node beside it, in one definition.</summary>
internal sealed class TwoLanguages : IAsyncDisposable
{
    private readonly HttpClient http = new();

    internal OpenShop Shop { get; } = new();

    internal NodeParticipant Node { get; } = new();

    internal static async Task<TwoLanguages> StartAsync()
    {
        var both = new TwoLanguages();
        try
        {
            both.Node.Launch();
            await both.Shop.StartAllAsync();
            await both.Node.WaitUntilReadyAsync();
            await both.DefineAsync();
            return both;
        }
        catch
        {
            await both.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a saga; gives its id.</summary>
    internal async Task<string> PlaceAsync(string sku, string query = "")
    {
        using var answer = await http.PostAsJsonAsync(
            AtOrchestrator("/sagas/order-with-courier" + query),
            new { day = "monday", parcels = 2, orderId = $"two-{sku}", sku, quantity = 1 });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>The state of the row in Node, then of the one in the inventory.</summary>
    internal async Task<(string Node, string Dotnet)> LedgersAsync(string saga) =>
        (await CourierAsync(saga),
            await Shop.Client.LedgerAsync(ShopPorts.Inventory, "reserve-stock", saga, CancellationToken.None));

    /// <summary>The state of the row in Node.</summary>
    internal async Task<string> CourierAsync(string saga)
    {
        var row = await http.GetFromJsonAsync<JsonElement>(new Uri(Node.Address, $"/saga/book-courier/{saga}"));
        return row.GetProperty("state").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Shop.DisposeAsync();
        await Node.DisposeAsync();
    }

    private Uri AtOrchestrator(string path) => new(Shop.Cluster.AddressOf(ShopPorts.Orchestrator), path);

    private async Task DefineAsync()
    {
        var text = await File.ReadAllTextAsync(NodeParticipant.Sample("order-with-courier.yaml"));
        text = text.Replace("http://127.0.0.1:5105", Node.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5102", Shop.Ports.UrlOf(ShopPorts.Inventory), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Put, AtOrchestrator("/definitions/order-with-courier"))
        {
            Content = new StringContent(text, Encoding.UTF8, "application/yaml"),
        };
        request.Headers.Add("X-Actor", "test");
        using var answer = await http.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }
}
