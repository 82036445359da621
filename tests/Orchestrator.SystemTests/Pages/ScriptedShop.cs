using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.SystemTests.Pages;

/// <summary>
/// Orders, inventory, payment and delivery in one server with a ledger in memory. What goes wrong is said by a saga's
/// own input: <c>trouble</c> holds answers by "participant/command" or "step/command", until it is said to be over.
/// Delivery knows no Bakr Street.
/// </summary>
internal sealed class ScriptedShop : IAsyncDisposable
{
    /// <summary>Where alerts may go.</summary>
    internal const string Hook = "hook";

    private const string Ledger = "7c0b6c1e-5f1c-4a57-9d54-0f6b1c3a0001";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, JsonObject> rows = new();
    private readonly ConcurrentDictionary<string, bool> over = new();
    private int made = 4100;

    private ScriptedShop(WebApplication app) => this.app = app;

    internal string Url => app.Urls.First();

    internal static async Task<ScriptedShop> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var shop = new ScriptedShop(web);
        web.Run(shop.AnswerAsync);
        await web.StartAsync();
        return shop;
    }

    /// <summary>From now on a step of a saga has no trouble any more.</summary>
    internal void Heal(string sagaId, string step) => over[$"{step}/{sagaId}"] = true;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // /{participant}/saga/{action}/{command}, or /{participant}/saga/{step}/{sagaId} for the row
    private async Task AnswerAsync(HttpContext http)
    {
        var parts = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts[0] == Hook) return;
        if (HttpMethods.IsGet(http.Request.Method)) await RowAsync(http, $"{parts[2]}/{parts[3]}");
        else if (parts[^1] != "ended") await CommandAsync(http, parts[0], parts[^1]);
    }

    private async Task RowAsync(HttpContext http, string key)
    {
        if (rows.TryGetValue(key, out var row)) await SayAsync(http, 200, row.ToJsonString(), StateOf(row));
        else await SayAsync(http, 404, """{"detail":"There is no such row."}""", "none");
    }

    private async Task CommandAsync(HttpContext http, string participant, string command)
    {
        var headers = http.Request.Headers;
        var data = await JsonNode.ParseAsync(http.Request.Body);
        var key = $"{headers["ce-sagastep"]}/{headers["ce-sagaid"]}";
        string[] names = [participant, headers["ce-sagastep"].ToString()];
        if (!over.ContainsKey(key) && Refusal(names, command, data) is { } refusal)
        {
            await SayAsync(http, refusal["status"]!.GetValue<int>(), refusal.ToJsonString(), null);
            return;
        }

        var isArmed = headers["ce-sagakind"] is not ["pivot" or "retriable"];
        var row = rows.GetOrAdd(key, _ => new JsonObject
        {
            ["step"] = headers["ce-sagastep"].ToString(),
            ["state"] = command == "do" ? "none" : "barred",
            ["data"] = data?.DeepClone(),
            ["output"] = Output(participant),
        });
        if (headers["ce-expirytime"] is [{ } expiry]) row["expiresAt"] = expiry;
        if (StateOf(row) != "barred" && command != "extend")
            row["state"] = command == "undo" ? "undone" : command == "do" && isArmed ? "held" : "confirmed";
        await SayAsync(http, 200, command == "do" ? row["output"]!.ToJsonString() : "{}", StateOf(row));
    }

    private static JsonNode? Refusal(string[] names, string command, JsonNode? data)
    {
        foreach (var name in names)
            if (data?["trouble"]?[$"{name}/{command}"] is { } trouble)
                return trouble;
        return command == "do" && data?["address"]?.GetValue<string>() is { } address
            && address.Contains("Bakr", StringComparison.Ordinal)
            ? JsonNode.Parse("""{"status":409,"code":"refused","detail":"There is no Bakr Street in London."}""")
            : null;
    }

    private JsonObject Output(string participant) => new()
    {
        ["id"] = string.Create(
            CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(participant[0])}-{Interlocked.Increment(ref made)}"),
    };

    private static string StateOf(JsonObject row) => row["state"]!.GetValue<string>();

    private static Task SayAsync(HttpContext http, int status, string json, string? state)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = status >= 400 ? "application/problem+json" : "application/json";
        http.Response.Headers["Saga-Ledger"] = Ledger;
        if (state is not null) http.Response.Headers["Saga-State"] = state;
        return http.Response.WriteAsync(json);
    }
}
