using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Embedded;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Running;
using Orchestrator.Simulator.Storing;

namespace Orchestrator.Simulator.Orchestrating;

/// <summary>
/// The orchestrator while it runs: the embedded engine as a host wires it, without a socket and a file.
/// </summary>
internal sealed class OrchestratorProcess : ISagaIds
{
    private readonly World world;
    private readonly ServiceProvider services;

    public OrchestratorProcess(string name, MemoryDisk disk, World world, ClockFace face)
    {
        this.world = world;
        Process = new SimulatedProcess(name, world.Agenda, face);
        var store = new MemoryStore(disk, Process, world);
        var collection = new ServiceCollection();
        collection.AddSingleton(world.LoggersFor(Process));
        collection.AddLogging();
        collection.AddSingleton<TimeProvider>(Process.Clock);
        collection.AddSingleton<ISagaIds>(this);
        collection.AddSingleton<HttpMessageHandler>(new Wire(world.Network));
        collection.AddSingleton<IEventPublisher>(world.Broker);
        collection.AddSingleton<ISagaStore>(store);
        collection.AddSingleton<IHousekeepingStore>(store);
        collection.AddSingleton<ISagaQueries>(store);
        collection.AddSingleton<IBatchStore, NothingToOperate>();
        collection.AddSingleton<IAuditQueries, NothingToOperate>();
        collection.AddEmbeddedEngine(new EngineOptions
        {
            RetainCompleted = world.Profile.SagaRetention,
            RetainCompensated = world.Profile.SagaRetention,
            SweepEvery = TimeSpan.FromSeconds(20),
        });
        services = collection.BuildServiceProvider();
    }

    /// <summary>Its process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>What the API would call.</summary>
    public ISagaEngine Engine => services.GetRequiredService<ISagaEngine>();

    /// <summary>The definitions.</summary>
    public IDefinitionCatalog Catalog => services.GetRequiredService<IDefinitionCatalog>();

    /// <summary>Where answers over the broker go.</summary>
    public Replies Replies => services.GetRequiredService<Replies>();

    /// <summary>Null once it takes starts.</summary>
    public string? NotReady => services.GetRequiredService<IEngineHealth>().NotReady;

    /// <inheritdoc />
    public string Next(DateTimeOffset at) =>
        $"{at.ToUnixTimeMilliseconds():x12}{world.Dice.Next():x16}{world.Dice.Next() & 0xffff:x4}";

    /// <summary>Starts it.</summary>
    public void Start() => Do(_ => services.GetRequiredService<IHostedService>().StartAsync(CancellationToken.None));

    /// <summary>Does something within it.</summary>
    public void Do(Func<OrchestratorProcess, Task> act) => Process.Post(() => _ = DoAsync(act));

    private async Task DoAsync(Func<OrchestratorProcess, Task> act)
    {
        try
        {
            await act(this);
        }
        catch (StoreUnavailableException e)
        {
            world.Journal.Note($"{Process.Name}: {e.Message}");
        }
        catch (Exception e)
        {
            world.Journal.Wrong("engine", $"{Process.Name} threw {e}");
        }
    }
}
