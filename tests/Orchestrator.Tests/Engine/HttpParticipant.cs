using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.Engine;

/// <summary>A request as it arrived.</summary>
internal sealed record SeenRequest(string Method, string Path, Dictionary<string, string> Headers, string Body);

/// <summary>
/// A web server on a free port of 127.0.0.1 that writes down what it is sent and says what a test wants.
/// </summary>
internal sealed class HttpParticipant : IAsyncDisposable
{
    private readonly WebApplication web;

    private HttpParticipant(WebApplication web) => this.web = web;

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public Func<HttpContext, Task> Says { get; set; } = context => context.Response.WriteAsync("{}");

    public Uri Address { get; private set; } = null!;

    public static async Task<HttpParticipant> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var participant = new HttpParticipant(builder.Build());
        participant.web.Run(participant.AnswerAsync);
        await participant.web.StartAsync();
        var address = participant.web.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        participant.Address = new Uri(address + "/base/");
        return participant;
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Seen.Enqueue(new SeenRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync()));
        await Says(context);
    }
}
