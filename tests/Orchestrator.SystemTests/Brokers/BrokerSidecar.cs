using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>
/// The pub/sub side of a sidecar for several programs at once, with a real broker behind it: takes what they publish,
/// reads where they want which topic, delivers until they acknowledge. It writes every event anew, as Dapr does.
/// </summary>
internal sealed class BrokerSidecar : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly RedisTopics topics;
    private readonly WebApplication web;
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> subscriptions = [];

    private BrokerSidecar(int redisPort, int port)
    {
        topics = new RedisTopics(redisPort);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Port = port;
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        web = builder.Build();
        web.MapPost("/v1.0/publish/{component}/{topic}", PublishAsync);
    }

    internal int Port { get; }

    /// <summary>Every message is delivered twice.</summary>
    internal bool Repeats { get; set; }

    /// <summary>Types of the events that were acknowledged, per topic.</summary>
    internal ConcurrentQueue<(string Topic, string Type)> Delivered { get; } = [];

    internal static async Task<BrokerSidecar> StartAsync(int redisPort)
    {
        var sidecar = new BrokerSidecar(redisPort, ShopPorts.FreeOne());
        await sidecar.web.StartAsync();
        return sidecar;
    }

    /// <summary>Serves the subscriptions an app declares, from now on and once it can be asked.</summary>
    internal void Serve(string name, Uri app) => subscriptions.Add(ServeAsync(name, app));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(subscriptions);
        await web.DisposeAsync();
        client.Dispose();
        stop.Dispose();
    }

    private async Task<IResult> PublishAsync(HttpContext http, string topic)
    {
        if (http.Request.ContentType != "application/cloudevents+json") return Results.BadRequest();
        if (http.Request.QueryString.Value!.Contains("ttl", StringComparison.OrdinalIgnoreCase))
            return Results.BadRequest();
        var sent = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var anew = (JsonObject)Anew(sent)!;
        anew["topic"] = topic;
        anew["pubsubname"] = "pubsub";
        anew["traceparent"] = http.Request.Headers["traceparent"].ToString();
        try
        {
            await topics.PublishAsync(topic, anew.ToJsonString(), http.RequestAborted);
            return Results.NoContent();
        }
        catch (RedisException away)
        {
            return Results.Json(
                new { errorCode = "ERR_PUBSUB_PUBLISH_MESSAGE", message = away.Message }, statusCode: 500);
        }
    }

    /// <summary>The same value with its members in another order.</summary>
    private static JsonNode? Anew(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members
            .OrderByDescending(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Anew(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Anew)]),
        _ => node?.DeepClone(),
    };

    private async Task ServeAsync(string name, Uri app)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var declared = JsonDocument.Parse(
                    await client.GetStringAsync(new Uri(app, "/dapr/subscribe"), stop.Token));
                await Task.WhenAll(declared.RootElement.EnumerateArray().Select(one =>
                {
                    var topic = one.GetProperty("topic").GetString()!;
                    var route = new Uri(app, one.GetProperty("route").GetString()!);
                    return topics.SubscribeAsync(
                        topic, name, message => DeliverAsync(topic, route, message), stop.Token);
                }).ToList());
                return;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                // It is not up yet.
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> DeliverAsync(string topic, Uri route, string message)
    {
        var isTaken = await DeliverOnceAsync(route, message);
        if (isTaken && Repeats) isTaken = await DeliverOnceAsync(route, message);
        if (isTaken) Delivered.Enqueue((topic, JsonNode.Parse(message)!["type"]!.GetValue<string>()));
        else await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        return isTaken;
    }

    private async Task<bool> DeliverOnceAsync(Uri route, string message)
    {
        try
        {
            using var content = new StringContent(message, Encoding.UTF8, "application/cloudevents+json");
            using var answer = await client.PostAsync(route, content, stop.Token);
            if (!answer.IsSuccessStatusCode) return false;
            var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token));
            return said?["status"]?.GetValue<string>() != "RETRY";
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            return false;
        }
    }
}
