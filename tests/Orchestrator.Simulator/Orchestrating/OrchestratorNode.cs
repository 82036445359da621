using Orchestrator.Engine.Ports;
using Orchestrator.Simulator.Running;
using Orchestrator.Simulator.Storing;

namespace Orchestrator.Simulator.Orchestrating;

/// <summary>The machine the orchestrator runs on; it starts it again when it dies.</summary>
internal sealed class OrchestratorNode
{
    private readonly World world;
    private int starts;

    public OrchestratorNode(World world)
    {
        this.world = world;
        Face = world.NewClockFace();
        Start();
    }

    /// <summary>What survives a process.</summary>
    public MemoryDisk Disk { get; } = new();

    /// <summary>The machine's clock.</summary>
    public ClockFace Face { get; }

    /// <summary>What runs now; null between two starts.</summary>
    public OrchestratorProcess? Running { get; private set; }

    /// <summary>Does something within the process that runs now; nothing when none does.</summary>
    public void Do(Func<OrchestratorProcess, Task> act) => Running?.Do(act);

    /// <summary>Its process was killed.</summary>
    public void Died()
    {
        Running = null;
        world.Agenda.After(world.Faults.Downtime(), null, Start);
    }

    private void Start()
    {
        if (Running is not null) return;
        Running = new OrchestratorProcess($"orchestrator.{++starts}", Disk, world, Face);
        world.Journal.Note($"{Running.Process.Name} starts");
        Running.Start();
        Running.Do(PutAsync);
    }

    /// <summary>Puts the definitions, as a host puts its files, until they are stored.</summary>
    private async Task PutAsync(OrchestratorProcess process)
    {
        foreach (var definition in world.Definitions)
        {
            while (true)
            {
                var outcome = await process.Catalog.PutAsync(
                    definition, PutDefinitionMode.UnlessStored, "files", CancellationToken.None);
                if (outcome is PutDefinitionOutcome.Stored or PutDefinitionOutcome.Known) break;
                if (outcome is PutDefinitionOutcome.AddressDiffers)
                    world.Journal.Wrong("engine", "a participant is registered at another address");
                await Task.Delay(TimeSpan.FromMilliseconds(200), process.Process.Clock);
            }
        }
    }
}
