using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.Tests.Dapr;

/// <summary>A call as it arrived.</summary>
internal sealed record SeenCall(string Method, string Protocol, Dictionary<string, string> Headers, byte[] Frame);

/// <summary>
/// The other end of a connection, byte by byte as a test wants it: HTTP/2 without TLS on a free port.
/// </summary>
internal sealed class RawSidecar : IAsyncDisposable
{
    private readonly WebApplication web;

    private RawSidecar(WebApplication web) => this.web = web;

    public ConcurrentQueue<SeenCall> Seen { get; } = new();

    public Func<HttpContext, Task> Says { get; set; } = context => ReplyAsync(context, []);

    public DaprOptions Options { get; private set; } = null!;

    public static async Task<RawSidecar> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var sidecar = new RawSidecar(builder.Build());
        sidecar.web.Run(sidecar.AnswerAsync);
        await sidecar.web.StartAsync();
        var address = new Uri(
            sidecar.web.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        sidecar.Options = new DaprOptions { GrpcEndpoint = address, HttpEndpoint = address };
        return sidecar;
    }

    /// <summary>A frame and the status OK.</summary>
    public static Task ReplyAsync(HttpContext context, IMessage message) =>
        ReplyAsync(context, FrameWriter.Write(message, int.MaxValue));

    /// <summary>Bytes and a status: in the trailers, or in the headers when there is no body.</summary>
    public static async Task ReplyAsync(HttpContext context, byte[]? bytes, string status = "0", string text = "")
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "application/grpc";
        if (bytes is null)
        {
            context.Response.Headers["grpc-status"] = status;
            context.Response.Headers["grpc-message"] = text;
            return;
        }

        await context.Response.BodyWriter.WriteAsync(bytes is [] ? new byte[FrameWriter.HeaderBytes] : bytes);
        context.Response.AppendTrailer("grpc-status", status);
        context.Response.AppendTrailer("grpc-message", text);
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Seen.Enqueue(new SeenCall(
            context.Request.Path,
            context.Request.Protocol,
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        await Says(context);
    }
}
