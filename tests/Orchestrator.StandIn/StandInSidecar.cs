using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.StandIn.Apps;
using Orchestrator.StandIn.Serving;
using Orchestrator.StandIn.Work;

namespace Orchestrator.StandIn;

/// <summary>
/// A sidecar to test against, where no real one can be had: the same protocol on the same kinds of port. It does what
/// was measured of a real one, and what it is told to do wrong.
/// </summary>
internal sealed class StandInSidecar : IAsyncDisposable
{
    private readonly StandInOptions options;
    private readonly TimeProvider time;
    private readonly IPublisher? publisher;
    private Running? running;

    private StandInSidecar(StandInOptions options, TimeProvider time, IPublisher? publisher) =>
        (this.options, this.time, this.publisher) = (options, time, publisher);

    public Faults Faults { get; } = new();

    /// <summary>The addresses; the same after a restart.</summary>
    public Uri GrpcAddress { get; private set; } = null!;

    public Uri HttpAddress { get; private set; } = null!;

    /// <summary>Reads and changes instances without a connection.</summary>
    public Management Management => Now.Management;

    public WorkDesk Desk => Now.Desk;

    /// <summary>How many streams of work are open.</summary>
    public int Streams
    {
        get
        {
            lock (Now.Hub.Guard) return Now.Hub.Streams.Count;
        }
    }

    private Running Now => running ?? throw new InvalidOperationException("The stand-in is stopped.");

    public static async Task<StandInSidecar> StartAsync(
        StandInOptions options, TimeProvider? time = null, IPublisher? publisher = null)
    {
        var sidecar = new StandInSidecar(options, time ?? TimeProvider.System, publisher);
        await sidecar.StartAsync();
        return sidecar;
    }

    /// <summary>Begins again with what the file holds, on the same ports after the first time.</summary>
    public async Task StartAsync()
    {
        if (running is not null) throw new InvalidOperationException("The stand-in runs already.");
        var hub = new Hub(options, time, Faults);
        var (desk, management, apps) =
            (new WorkDesk(hub, options.StepByStep), new Management(hub), new AppCaller(options));
        var grpc = Listen(GrpcAddress?.Port ?? options.GrpcPort, HttpProtocols.Http2);
        var service = new GrpcService(desk, management, Faults, time, options.ApiToken);
        grpc.MapPost("/TaskHubSidecarService/{method}", service.ServeAsync);
        var http = Listen(HttpAddress?.Port ?? options.HttpPort, HttpProtocols.Http1);
        MapHttp(http, desk, management, apps);
        running = new Running(hub, desk, management, apps, grpc, http);
        await grpc.StartAsync();
        await http.StartAsync();
        (GrpcAddress, HttpAddress) = (AddressOf(grpc), AddressOf(http));
        if (publisher is not null) await publisher.StartAsync(apps, CancellationToken.None);
    }

    /// <summary>
    /// Ends at once, as a killed one does: connections break, ports are closed, what is not in the file is forgotten.
    /// </summary>
    public async Task StopAsync()
    {
        if (running is not { } ending) return;
        running = null;
        if (publisher is not null) await publisher.StopAsync();
        await ending.DisposeAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private void MapHttp(WebApplication http, WorkDesk desk, Management management, AppCaller apps)
    {
        var invoke = new InvokeApi(apps);
        http.Use(CheckTokenAsync);
        http.Use((context, next) => invoke.ByHeaderAsync(context, () => next(context)));
        http.UseRouting();
        invoke.Map(http);
        new WorkflowApi(management).Map(http);
        new PublishApi(publisher).Map(http);
        new ControlApi(Faults, desk).Map(http);
        http.MapGet("/v1.0/healthz", () => Results.NoContent());
        http.MapGet("/v1.0/healthz/outbound", () => Results.NoContent());
        http.MapGet("/v1.0/metadata", () =>
            Results.Json(new JsonObject { ["id"] = options.AppId, ["runtimeVersion"] = "stand-in" }));
    }

    private async Task CheckTokenAsync(HttpContext context, RequestDelegate next)
    {
        var isOpen = options.ApiToken is null
            || context.Request.Path.StartsWithSegments("/v1.0/healthz", StringComparison.Ordinal);
        if (isOpen || context.Request.Headers["dapr-api-token"] == options.ApiToken) await next(context);
        else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private static WebApplication Listen(int port, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication web) =>
        new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What there is between a start and a stop.</summary>
    private sealed record Running(
        Hub Hub, WorkDesk Desk, Management Management, AppCaller Apps, WebApplication Grpc, WebApplication Http)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // A token that is cancelled already: open streams are cut and not waited for.
            await Grpc.StopAsync(new CancellationToken(canceled: true));
            await Http.StopAsync(new CancellationToken(canceled: true));
            await Grpc.DisposeAsync();
            await Http.DisposeAsync();
            Apps.Dispose();
            Desk.Dispose();
            Hub.Dispose();
        }
    }
}
