using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Participating;

/// <summary>
/// A participant: one database and one or two machines, each of which runs a replica and starts it again when it dies.
/// </summary>
internal sealed class ParticipantNode : IDisposable
{
    private readonly World world;
    private readonly Machine[] machines;

    public ParticipantNode(string name, bool viaPubSub, int replicas, World world)
    {
        this.world = world;
        ViaPubSub = viaPubSub;
        Disk = new ParticipantDisk(name, world);
        machines = [.. Enumerable.Range(1, replicas).Select(no => new Machine($"{name}#{no}", world.NewClockFace()))];
        foreach (var machine in machines) Start(machine);
    }

    /// <summary>Its name.</summary>
    public string Name => Disk.Name;

    /// <summary>True when commands come over the broker.</summary>
    public bool ViaPubSub { get; }

    /// <summary>Its database.</summary>
    public ParticipantDisk Disk { get; }

    /// <summary>What runs now.</summary>
    public IEnumerable<ParticipantProcess> Running =>
        machines.Select(machine => machine.Running).OfType<ParticipantProcess>();

    /// <summary>The clocks of its machines.</summary>
    public IEnumerable<ClockFace> Faces => machines.Select(machine => machine.Face);

    /// <summary>Brings a request to a replica that serves; false when none does.</summary>
    public bool TryServe(SimulatedRequest request, Action<SimulatedResponse> answer)
    {
        var serving = Running.Where(one => one.IsServing).ToList();
        if (serving.Count == 0) return false;
        world.Dice.Pick(serving).Serve(request, answer);
        return true;
    }

    /// <summary>A process of this participant was killed: its machine starts it again after a while.</summary>
    public void Died(SimulatedProcess process)
    {
        foreach (var machine in machines)
        {
            if (machine.Running?.Process != process) continue;
            machine.Running.Dispose();
            machine.Running = null;
            world.Agenda.After(world.Faults.Downtime(), null, () => Start(machine));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var one in Running) one.Dispose();
        Disk.Dispose();
    }

    private void Start(Machine machine)
    {
        if (machine.Running is not null) return;
        machine.Running = new ParticipantProcess($"{machine.Name}.{++machine.Starts}", Disk, world, machine.Face);
        machine.Running.Start();
    }

    private sealed class Machine(string name, ClockFace face)
    {
        public string Name => name;

        public ClockFace Face => face;

        public ParticipantProcess? Running { get; set; }

        public int Starts { get; set; }
    }
}
