using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Participant;
using Orchestrator.Participant.Watching;
using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Participating;

/// <summary>
/// One replica of a participant while it runs: the real library with its real addresses, without a socket.
/// </summary>
internal sealed class ParticipantProcess : IDisposable
{
    private readonly World world;
    private readonly ParticipantDisk disk;
    private readonly ServiceProvider services;
    private readonly Dictionary<string, RequestDelegate> routes = [];

    public ParticipantProcess(string name, ParticipantDisk disk, World world, ClockFace face)
    {
        this.world = world;
        this.disk = disk;
        Process = new SimulatedProcess(name, world.Agenda, face);
        services = Build();
        Map();
    }

    /// <summary>Its process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>True once it has looked after what expired while it was away, and serves.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Since when it serves and was not frozen.</summary>
    public TimeSpan AwakeSince { get; set; } = TimeSpan.MaxValue;

    /// <summary>Starts it; when the start fails the process ends, as a host's does.</summary>
    public void Start() => Process.Post(() => _ = StartAsync());

    /// <summary>Serves one request; the answer comes later, or never.</summary>
    public void Serve(SimulatedRequest request, Action<SimulatedResponse> answer) =>
        Process.Post(() => _ = ServeAsync(request, answer));

    /// <inheritdoc />
    public void Dispose() => services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>().Dispose();

    private async Task StartAsync()
    {
        var watcher = (DeadlineWatcher)services.GetServices<IHostedService>().First(one => one is DeadlineWatcher);
        try
        {
            await watcher.StartingAsync(CancellationToken.None);
        }
        catch (System.Data.Common.DbException e)
        {
            world.Journal.Note($"{Process.Name} cannot start: {e.Message}");
            world.Kill(Process);
            return;
        }

        world.Journal.Note($"{Process.Name} serves");
        IsServing = true;
        AwakeSince = world.Agenda.Now;
        await watcher.WatchAsync(CancellationToken.None);
    }

    private async Task ServeAsync(SimulatedRequest request, Action<SimulatedResponse> answer)
    {
        if (!routes.TryGetValue(request.Path, out var route))
        {
            answer(SimulatedResponse.Plain(404));
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Method = "POST";
        http.Request.Path = request.Path;
        foreach (var (name, value) in request.Headers) http.Request.Headers[name] = value;
        http.Request.Body = new MemoryStream(request.Body, writable: false);
        http.Request.ContentLength = request.Body.Length;
        var body = new MemoryStream();
        http.Response.Body = body;
        var before = world.Truth.StateOf(disk, request);
        await route(http);
        var response = new SimulatedResponse(
            http.Response.StatusCode,
            [.. http.Response.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))],
            body.ToArray());
        world.Truth.Answered(disk, Process, request, before, response);
        answer(response);
    }

    private ServiceProvider Build()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(world.LoggersFor(Process));
        collection.AddLogging();
        collection.AddRouting();
        collection.AddSingleton<IHostApplicationLifetime>(new Lifetime());
        collection.AddSagaParticipant(options =>
        {
            options.Dialect = LedgerDialect.Sqlite;
            options.Connect = _ => world.Faults.LedgerIsAway(disk.Name)
                ? ValueTask.FromException<System.Data.Common.DbConnection>(new LedgerFault("the database is away"))
                : ValueTask.FromResult<System.Data.Common.DbConnection>(new LedgerConnection(disk, Process));
            options.Clock = Process.Clock;
            options.Waiting = Process.Clock;
            options.Retention = world.Profile.LedgerRetention;
            options.Sweep = world.Profile.Sweep;
            options.AttemptsBeforeAttention = 3;
            options.Json = Business.Json;
        });
        collection.AddSagaSubscriptions(options =>
        {
            options.Participant = disk.Name;
            options.RelayReplies = false;
        });
        return collection.BuildServiceProvider();
    }

    private void Map()
    {
        var app = new Routes(services);
        var business = new Business(world);
        // Every other participant has a handler for many.
        app.MapSagaStep<Order, Receipt>("take", step => business.Take(step, disk.Name[^1] % 2 == 1));
        app.MapSagaStep<Order, Receipt>("settle", business.Settle);
        app.MapSagaSubscriptions(declare: false);
        foreach (var endpoint in app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
            routes[endpoint.RoutePattern.RawText!] = endpoint.RequestDelegate!;
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
