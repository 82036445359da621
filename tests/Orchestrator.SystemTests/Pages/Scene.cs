using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Pages;

/// <summary>An orchestrator in a process of its own, and a scripted shop.</summary>
public sealed class Scene : IAsyncLifetime
{
    internal const string Definition = "place-order";
    internal const string ShortDefinition = "note-order";
    internal const string HeldDefinition = "hold-order";
    internal const string Address = "221b Baker Street, London";
    internal const string WrongAddress = "221b Bakr Street, London";

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-pages-").FullName;
    private readonly ConcurrentQueue<string> words = new();
    private readonly int port = ShopPorts.FreeOne();
    private ScriptedShop? shop;
    private ChildProcess? process;

    public Scene() => Http.BaseAddress = Service;

    internal HttpClient Http { get; } = new();

    internal Uri Service => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>Everything the orchestrator said.</summary>
    internal IEnumerable<string> Words => words;

    /// <summary>What its command line gets besides.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The token definitions are stored with.</summary>
    internal string? Token { get; init; }

    public async Task InitializeAsync()
    {
        shop = await ScriptedShop.StartAsync();
        if (Token is not null) Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        await StartAsync();
        await StoreAsync(ShortDefinition, Short);
        await StoreAsync(HeldDefinition, Held);
        await DefineAsync("");
        const string input = "{ amount: $.input.amount, trouble: $.input.trouble }";
        await DefineAsync($"  - {{ name: loyalty-points, participant: payment, input: {input} }}\n");
    }

    public async Task DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        if (shop is not null) await shop.DisposeAsync();
        Http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal async Task StartAsync()
    {
        process = ChildProcess.Start(
            "orchestrator",
            ShopPlaces.ServiceProgram,
            [
                "--urls", Service.ToString(), $"--Orchestrator:Data={folder}",
                $"--Orchestrator:Alerts:night-watch:Url={shop!.Url}/{ScriptedShop.Hook}", .. Arguments,
            ],
            words.Enqueue);
        await Eventually.BecomesAsync(true, OpenShop.Patience, async () =>
        {
            process.Ended.IsCompleted.Should().BeFalse(string.Join('\n', words.TakeLast(20)));
            using var answer = await Http.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        });
    }

    internal Task StopAsync() => process!.StopAsync(OpenShop.Patience);

    /// <summary>Starts an order; its saga's id.</summary>
    internal async Task<string> PlaceAsync(
        string key, string address = Address, JsonObject? trouble = null, string definition = Definition)
    {
        var input = new JsonObject
        {
            ["order"] = key,
            ["customer"] = "alice",
            ["sku"] = "A1",
            ["quantity"] = 2,
            ["amount"] = 4200,
            ["address"] = address,
            ["trouble"] = trouble ?? [],
        };
        using var answer = await Http.PostAsJsonAsync(
            $"/sagas/{definition}?key={key}&tag.region=eu", input);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    internal async Task<JsonElement> SagaAsync(string id) => await Http.GetFromJsonAsync<JsonElement>($"/sagas/{id}");

    /// <summary>Waits until something is so of a saga.</summary>
    internal Task UntilAsync<T>(string id, T expected, Func<JsonElement, T> read) =>
        Eventually.BecomesAsync(expected, OpenShop.Patience, async () => read(await SagaAsync(id)));

    internal Task EndsAsync(string id, string outcome) =>
        UntilAsync(id, outcome, saga => saga.GetProperty("outcome").GetString());

    /// <summary>An order whose parcel cannot be sent; past the point of no return and stuck.</summary>
    internal async Task<string> StuckAsync(string key)
    {
        var id = await PlaceAsync(key, WrongAddress);
        await UntilAsync(id, true, saga => saga.GetProperty("stuck").GetBoolean());
        return id;
    }

    /// <summary>A step of a saga has no trouble any more.</summary>
    internal void Heal(string id, string step) => shop!.Heal(id, step);

    /// <summary>Changes something as one who is called pete; what was answered.</summary>
    internal async Task<JsonElement> AskAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Actor", "pete");
        using var answer = await Http.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A verb on many that has come to its end; the batch's id.</summary>
    internal async Task<string> BatchAsync(string verb, params string[] sagas)
    {
        var args = new { reason = "after the outage" };
        var batch = await AskAsync("/batches", JsonSerializer.Serialize(new { ids = sagas, verb, args }));
        var id = batch.GetProperty("id").GetString()!;
        await Eventually.BecomesAsync(
            "done", OpenShop.Patience,
            async () => (await Http.GetFromJsonAsync<JsonElement>($"/batches/{id}")).GetProperty("state").GetString());
        return id;
    }

    /// <summary>An answer that goes wrong, by "participant/command" or "step/command".</summary>
    internal static JsonObject Trouble(string command, int status, string detail, string? code = null) => new()
    {
        [command] = new JsonObject { ["status"] = status, ["code"] = code, ["detail"] = detail },
    };

    private string Short =>
        $$"""
        name: {{ShortDefinition}}
        deadline: 10m
        participants: { orders: { url: "{{shop!.Url}}/orders" } }
        steps: [{ name: note, participant: orders, kind: retriable, input: { order: $.input.order } }]
        """;

    // The bank is a participant of its own, so that its trouble is nobody else's.
    private string Held =>
        $$"""
        name: {{HeldDefinition}}
        deadline: 10m
        retry: { first: 1m, factor: 1, longest: 1m, attempts: 3, timeout: 3s }
        participants: { orders: { url: "{{shop!.Url}}/orders" }, bank: { url: "{{shop.Url}}/bank" } }
        steps:
          - { name: create-order, participant: orders, input: { order: $.input.order } }
          - { name: charge, participant: bank, input: { amount: $.input.amount, trouble: $.input.trouble } }
        """;

    private Task DefineAsync(string more) => StoreAsync(
        Definition,
        $$"""
            name: {{Definition}}
            deadline: 10m
            maxDeadline: 2h
            retry: { first: 200ms, factor: 2, longest: 2s, attempts: 3, timeout: 3s }
            participants:
              orders: { url: "{{shop!.Url}}/orders" }
              inventory: { url: "{{shop.Url}}/inventory" }
              payment: { url: "{{shop.Url}}/payment" }
              delivery: { url: "{{shop.Url}}/delivery" }
            steps:
              - { name: create-order, participant: orders, input: { order: $.input.order, trouble: $.input.trouble } }
              - { name: reserve-stock, participant: inventory, input: { sku: $.input.sku, trouble: $.input.trouble } }
              - { name: charge, participant: payment, input: { amount: $.input.amount, trouble: $.input.trouble } }
            {{more}}  - { name: dispatch, participant: delivery, kind: retriable, input: { address: $.input.address } }
            output: { order: $.input.order, parcel: $.steps.dispatch.output.id }
            """);

    /// <summary>Stores a definition; its participants are where <see cref="Shop" /> says.</summary>
    internal Task StoreAsync(string name, string yaml) => PutAsync($"/definitions/{name}", yaml, "application/yaml");

    /// <summary>Where a participant of the shop is.</summary>
    internal string Shop(string participant) => $"{shop!.Url}/{participant}";

    /// <summary>Stores something, or changes a participant.</summary>
    internal async Task PutAsync(string path, string text, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = new StringContent(text, Encoding.UTF8, type),
        };
        request.Headers.Add("X-Actor", "alice");
        using var answer = await Http.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }
}
