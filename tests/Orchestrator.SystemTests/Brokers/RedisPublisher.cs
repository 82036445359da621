using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.StandIn.Apps;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>An event that a program has acknowledged; one that is of many sagas names none.</summary>
internal sealed record Delivered(string Topic, string Type, string? SagaId);

/// <summary>
/// A real broker behind the stand-in's publish endpoint: keeps what is published, reads which app wants which topic,
/// delivers until the app acknowledges. It writes every event anew, as Dapr does.
/// </summary>
internal sealed class RedisPublisher(int redisPort, IReadOnlyList<string> subscribers) : IPublisher, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly RedisTopics topics = new(redisPort);
    private CancellationTokenSource stop = new();
    private Task subscriptions = Task.CompletedTask;

    /// <summary>Every message is delivered twice.</summary>
    internal bool Repeats { get; set; }

    /// <summary>The events that were acknowledged.</summary>
    internal ConcurrentQueue<Delivered> Delivered { get; } = [];

    public Task StartAsync(AppCaller apps, CancellationToken cancel)
    {
        stop.Dispose();
        stop = new CancellationTokenSource();
        subscriptions = Task.WhenAll(subscribers.Select(app => ServeAsync(apps, app, stop.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await subscriptions;
    }

    public void Dispose() => stop.Dispose();

    public async Task<PublishReply> PublishAsync(PublishRequest request, CancellationToken cancel)
    {
        if (request.ContentType != "application/cloudevents+json") return new PublishReply(400, "ERR_NOT_OURS");
        if (request.Metadata.Keys.Any(key => key.StartsWith("ttl", StringComparison.OrdinalIgnoreCase)))
            return new PublishReply(400, "ERR_LIVES_ONLY_FOR_A_TIME");
        var anew = (JsonObject)Anew(JsonNode.Parse(request.Data.Span))!;
        anew["topic"] = request.Topic;
        anew["pubsubname"] = request.Component;
        try
        {
            await topics.PublishAsync(request.Topic, anew.ToJsonString(), cancel);
            return new PublishReply(204);
        }
        catch (RedisException away)
        {
            return new PublishReply(500, "ERR_PUBSUB_PUBLISH_MESSAGE", away.Message);
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

    private async Task ServeAsync(AppCaller apps, string app, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var declared = JsonDocument.Parse(await DeclarationAsync(apps, app, cancel));
                await Task.WhenAll(declared.RootElement.EnumerateArray().Select(one =>
                {
                    var topic = one.GetProperty("topic").GetString()!;
                    var route = one.GetProperty("route").GetString()!;
                    return topics.SubscribeAsync(
                        topic, app, message => DeliverAsync(apps, app, topic, route, message), cancel);
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

    private static async Task<string> DeclarationAsync(AppCaller apps, string app, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/dapr/subscribe", UriKind.Relative));
        using var answer = await apps.SendAsync(app, request, cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancel);
    }

    private async Task<bool> DeliverAsync(AppCaller apps, string app, string topic, string route, string message)
    {
        var isTaken = await DeliverOnceAsync(apps, app, route, message);
        if (isTaken && Repeats) isTaken = await DeliverOnceAsync(apps, app, route, message);
        if (isTaken) Delivered.Enqueue(Describe(topic, JsonNode.Parse(message)!));
        else await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        return isTaken;
    }

    private static Delivered Describe(string topic, JsonNode read) =>
        new(topic, read["type"]!.GetValue<string>(), read["sagaid"]?.GetValue<string>());

    private async Task<bool> DeliverOnceAsync(AppCaller apps, string app, string route, string message)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route, UriKind.Relative));
            request.Content = new StringContent(message, Encoding.UTF8, "application/cloudevents+json");
            using var answer = await apps.SendAsync(app, request, stop.Token);
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
