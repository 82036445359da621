using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// The publish endpoint of a sidecar, on a port of its own. A test decides what it answers and reads what arrived.
/// </summary>
internal sealed class FakePublisher : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication app;
    private readonly Channel<PublishedEvent> accepted = Channel.CreateUnbounded<PublishedEvent>();

    private FakePublisher(WebApplication app) => this.app = app;

    /// <summary>What it answers; 204 unless a test says otherwise.</summary>
    public Func<PublishedEvent, int> Answer { get; set; } = _ => 204;

    /// <summary>Everything that was tried, accepted or not.</summary>
    public ConcurrentQueue<PublishedEvent> Tried { get; } = [];

    public Uri Address { get; private set; } = null!;

    public static async Task<FakePublisher> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var publisher = new FakePublisher(builder.Build());
        publisher.app.MapPost("/v1.0/publish/{pubsub}/{topic}", publisher.TakeAsync);
        await publisher.app.StartAsync();
        publisher.Address = new Uri(
            publisher.app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return publisher;
    }

    /// <summary>The next event that was accepted.</summary>
    public async Task<PublishedEvent> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await accepted.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var published = new PublishedEvent(
            (string)http.GetRouteValue("pubsub")!, (string)http.GetRouteValue("topic")!, http.Request.QueryString.Value ?? "",
            http.Request.ContentType, http.Request.Headers["dapr-api-token"], http.Request.Headers["traceparent"],
            JsonDocument.Parse(await reader.ReadToEndAsync()).RootElement);
        Tried.Enqueue(published);
        http.Response.StatusCode = Answer(published);
        if (http.Response.StatusCode == (int)HttpStatusCode.NoContent) accepted.Writer.TryWrite(published);
    }
}

/// <summary>An event as it was published.</summary>
internal sealed record PublishedEvent(
    string PubSub, string Topic, string Query, string? ContentType, string? Token, string? TraceParent,
    JsonElement Event)
{
    public string? this[string attribute] =>
        Event.TryGetProperty(attribute, out var value) ? value.ToString() : null;

    public string Data => Event.GetProperty("data").GetRawText();

    /// <summary>Status, problem code and state on one line: <c>410 expired undone</c>.</summary>
    public string Summary => Event.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
        && this["datacontenttype"] == "application/problem+json"
            ? $"{this["sagastatus"]} {data.GetProperty("code")} {this["sagastate"]}"
            : $"{this["sagastatus"]} {this["sagastate"]}";
}
