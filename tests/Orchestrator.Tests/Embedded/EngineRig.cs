using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr;
using Orchestrator.Databases;
using Orchestrator.Embedded;
using Orchestrator.Engine;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Engine.Sharing;
using Orchestrator.StandIn;
using Orchestrator.Storage;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Tests.Embedded;

/// <summary>Which engine a story runs on.</summary>
public enum EngineKind
{
    Embedded,
    Dapr,
    EmbeddedOnPostgres,

    /// <summary>There only where the environment names a SQL Server.</summary>
    EmbeddedOnSqlServer,
}

/// <summary>
/// A whole engine on a SQLite file or a database of its own on a server, with scripted participants and a clock that
/// the test moves.
/// </summary>
internal sealed class EngineRig : IAsyncDisposable
{
    private readonly bool ownsFolder;
    private ServiceProvider services = null!;

    private EngineRig(string? folder)
    {
        ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("engine-").FullName;
    }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "orchestrator.db");

    /// <summary>The database; null for an engine on SQLite. It outlives a crash of the engine.</summary>
    public IServerDatabase? Database { get; private set; }

    public ManualTime Time { get; private init; } = new();

    public ScriptedCaller Caller { get; private init; } = new();

    public ScriptedBroker? Broker { get; private init; }

    public Replies Replies => services.GetRequiredService<Replies>();

    public List<string> Logs { get; } = [];

    /// <summary>The sidecar of the Dapr engine; it outlives a crash of the engine.</summary>
    public StandInSidecar? Sidecar { get; private set; }

    public ISagaEngine Engine => services.GetRequiredService<ISagaEngine>();

    public IEngineHealth Health => services.GetRequiredService<IEngineHealth>();

    public ISagaMinutes Minutes => services.GetRequiredService<ISagaMinutes>();

    public IAlerts Alerts => services.GetRequiredService<IAlerts>();

    public IWaitingCalls Waits => services.GetRequiredService<IWaitingCalls>();

    public ISagaOwners Owners => services.GetRequiredService<ISagaOwners>();

    public ISagaQueries Queries => services.GetRequiredService<ISagaQueries>();

    public IBatches Batches => services.GetRequiredService<IBatches>();

    public IBatchQueries BatchQueries => services.GetRequiredService<IBatchQueries>();

    public IAuditQueries Audit => services.GetRequiredService<IAuditQueries>();

    public ISagaFeed Feed => services.GetRequiredService<ISagaFeed>();

    public IDefinitionCatalog Catalog => services.GetRequiredService<IDefinitionCatalog>();

    public IParticipantRegistry Registry => services.GetRequiredService<IParticipantRegistry>();

    public IHostedService Host => services.GetRequiredService<IHostedService>();

    /// <summary>
    /// Builds and starts an engine; <paramref name="of" /> gives the folder, clock and participants of an earlier one.
    /// </summary>
    public static async Task<EngineRig> StartAsync(
        EngineKind kind,
        EngineRig? of = null,
        ScriptedCaller? caller = null,
        EngineOptions? options = null,
        Func<ISagaStore, ISagaStore>? store = null,
        long? maxPages = null,
        bool untilReady = true,
        ScriptedBroker? broker = null,
        Func<ISharedStore, ISharedStore>? shared = null)
    {
        var rig = new EngineRig(of?.Folder)
        {
            Time = of?.Time ?? new ManualTime(),
            Caller = caller ?? of?.Caller ?? new ScriptedCaller(),
            Broker = broker ?? of?.Broker,
        };
        if (kind == EngineKind.EmbeddedOnPostgres)
            rig.Database = of?.Database ?? await PostgresServer.CreateDatabaseAsync();
        if (kind == EngineKind.EmbeddedOnSqlServer)
            rig.Database = of?.Database ?? await SqlServerDatabase.CreateAsync();
        if (kind == EngineKind.Dapr)
            rig.Sidecar = of?.Sidecar ?? await StandInSidecar.StartAsync(new StandInOptions(), rig.Time);
        rig.Build(options ?? new EngineOptions(), store, shared, maxPages);
        await rig.Host.StartAsync(CancellationToken.None);
        for (var i = 0; untilReady && i < 20_000 && rig.Health.NotReady is not null; i++)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        return rig;
    }

    /// <summary>
    /// Moves the clock by small steps until something is so. An engine on a shared store has to say again and again
    /// that it is alive, so its clock never stands still for good.
    /// </summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan? step = null)
    {
        for (var i = 0; i < 20_000; i++)
        {
            if (isSo()) return;
            if (i == 1000 && Database is not null) step ??= TimeSpan.FromMilliseconds(1);
            if (step is { } by) Time.Advance(by);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        throw new TimeoutException(
            $"It did not become so; not ready: {Health.NotReady ?? "no"}; {string.Join('\n', Logs)}");
    }

    /// <summary>Stores a definition and answers it with its version.</summary>
    public async Task<SagaDefinition> PutAsync(SagaDefinition definition)
    {
        var outcome = await Catalog
            .PutAsync(definition, PutDefinitionMode.UnlessNewest, "ann", CancellationToken.None).Soon();
        return outcome switch
        {
            PutDefinitionOutcome.Stored stored => stored.Definition,
            PutDefinitionOutcome.Known known => known.Definition,
            _ => throw new InvalidOperationException(outcome.ToString()),
        };
    }

    /// <summary>A start of the definition with the default deadline.</summary>
    public StartRequest Request(SagaDefinition definition, string? key = null, string input = "{}") => new()
    {
        Definition = definition,
        Input = JsonData.FromText(input),
        ExpiresAt = Time.GetUtcNow() + definition.Deadline,
        IdempotencyKey = key,
        Digest = System.Text.Encoding.UTF8.GetBytes(input),
    };

    /// <summary>Starts a saga that is expected to start.</summary>
    public async Task<StartedSaga> BeginAsync(SagaDefinition definition) =>
        (await Engine.StartAsync(Request(definition), CancellationToken.None).Soon())
            .Should().BeOfType<StartOutcome.Started>().Subject.Saga;

    /// <summary>Waits for a saga's end.</summary>
    public async Task<Ended> EndAsync(string sagaId) =>
        (await Engine.WaitForEndAsync(sagaId, TimeSpan.FromDays(1), CancellationToken.None).Soon())
            .Should().BeOfType<Ended>().Subject;

    /// <summary>
    /// Lets go of everything at once, as a killed process does; the folder stays for the next engine.
    /// </summary>
    public ValueTask CrashAsync() => services.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (Sidecar is not null) await Sidecar.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        if (ownsFolder && Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private void Build(
        EngineOptions options,
        Func<ISagaStore, ISagaStore>? store,
        Func<ISharedStore, ISharedStore>? shared,
        long? maxPages)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddLogging(logging => logging.AddProvider(new ListLogs(Logs)).SetMinimumLevel(LogLevel.Information));
        if (Broker is null) collection.AddSingleton<IParticipantCaller>(Caller);
        else collection.AddSingleton<IEventPublisher>(Broker);
        if (Database is null)
            collection.AddSqliteStorage(new SqliteStorageOptions { DataFolder = Folder, MaxPages = maxPages });
        else
            AddServer(collection, Database);
        if (Sidecar is null) collection.AddEmbeddedEngine(options);
        else collection.AddDaprEngine(DaprOf(Sidecar), options);
        if (store is not null) Wrap(collection, store);
        if (shared is not null) Wrap(collection, shared);
        services = collection.BuildServiceProvider();
    }

    private static void AddServer(ServiceCollection collection, IServerDatabase database)
    {
        var server = new ServerStorageOptions { ConnectionString = database.ConnectionString };
        if (database is SqlServerDatabase) collection.AddSqlServerStorage(server);
        else collection.AddPostgresStorage(server);
    }

    private static void Wrap<T>(ServiceCollection collection, Func<T, T> around)
        where T : class
    {
        var inner = collection.Single(service => service.ServiceType == typeof(T));
        collection.Remove(inner);
        collection.AddSingleton(provider =>
            around((T)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)));
    }

    /// <summary>Limits of time are long: the test's clock leaps.</summary>
    private static DaprOptions DaprOf(StandInSidecar sidecar) => new()
    {
        GrpcEndpoint = sidecar.GrpcAddress,
        HttpEndpoint = sidecar.HttpAddress,
        CallTimeout = TimeSpan.FromDays(1),
        CompletionTimeout = TimeSpan.FromDays(1),
    };

    private sealed class ListLogs(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
            // There is nothing to let go of.
        }
    }
}
