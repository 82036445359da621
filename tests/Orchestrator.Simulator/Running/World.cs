using Microsoft.Extensions.Logging;
using Orchestrator.Core.Definitions;
using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Checking;
using Orchestrator.Simulator.Orchestrating;
using Orchestrator.Simulator.Participating;

namespace Orchestrator.Simulator.Running;

/// <summary>
/// One world: an orchestrator, participants, customers and operators, made from one seed and run on one thread until
/// everything has healed and come to rest.
/// </summary>
internal sealed class World : IDisposable
{
    private const long MostSteps = 3_000_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<ParticipantNode> participants = [];
    private readonly List<Customer> customers = [];
    private readonly Operators operators;
    private readonly Overdue overdue;
    private readonly Rest rest;

    public World(ulong seed, TextWriter? trace = null)
    {
        Seed = seed;
        Dice = new Dice(seed);
        Profile = Profile.Of(Dice);
        Agenda = new Agenda(Dice);
        Journal = new Journal(Agenda, trace);
        Journal.Note($"seed {seed}: {Profile}");
        Faults = new Faults(this);
        Coverage = new Coverage();
        Truth = new Truth(this);
        Network = new Network(this);
        Broker = new Broker(this);
        var count = Dice.Between(1, 4);
        for (var i = 0; i < count; i++)
            participants.Add(new ParticipantNode($"p{i}", Dice.Chance(0.3), Dice.Chance(0.4) ? 2 : 1, this));
        var named = participants.Select(node => (node.Name, node.ViaPubSub)).ToList();
        Definitions =
        [
            .. Enumerable.Range(0, Dice.Between(1, 3)).Select(i => RandomDefinitions.Make($"d{i}", named, Dice)),
        ];
        Orchestrator = new OrchestratorNode(this);
        operators = new Operators(this);
        overdue = new Overdue(this);
        rest = new Rest(this);
        for (var i = 0; i < Profile.Sagas; i++)
            customers.Add(new Customer(i, Dice.Pick(Definitions).Name, this));
        Plan();
    }

    public ulong Seed { get; }

    public Dice Dice { get; }

    public Profile Profile { get; }

    public Agenda Agenda { get; }

    public Journal Journal { get; }

    public Faults Faults { get; }

    public Coverage Coverage { get; }

    public Truth Truth { get; }

    public Network Network { get; }

    public Broker Broker { get; }

    public OrchestratorNode Orchestrator { get; }

    public IReadOnlyList<SagaDefinition> Definitions { get; }

    public IReadOnlyList<ParticipantNode> Participants => participants;

    public bool AllAreServed => customers.TrueForAll(customer => customer.IsServed);

    /// <summary>Runs it to its end.</summary>
    public WorldReport Run()
    {
        while (Journal.Wrongs.Count == 0 && !rest.HasCome && Agenda.Step())
        {
            if (Agenda.Steps > MostSteps) Journal.Wrong("liveness", $"no rest in {MostSteps} steps; {rest.Missing()}");
            if (Agenda.Escape is { } escape) Journal.Wrong("simulator", $"something left the one thread: {escape}");
        }

        if (Journal.Wrongs.Count == 0 && !rest.HasCome)
            Journal.Wrong("liveness", $"nothing happens any more; {rest.Missing()}");
        if (Journal.Wrongs.Count == 0) Truth.Close();
        Journal.Note($"end, {Truth.Known.Count} sagas");
        return new WorldReport(
            Seed, Journal.Hash, Agenda.Now, Agenda.Steps, Truth.Known.Count, [.. Journal.Wrongs], Coverage);
    }

    /// <summary>The participant of that name.</summary>
    public ParticipantNode ParticipantOf(string name) => participants.First(node => node.Name == name);

    /// <summary>A process dies; its machine starts it again.</summary>
    public void Kill(SimulatedProcess process)
    {
        if (!process.IsAlive) return;
        Journal.Note($"{process.Name} is killed");
        process.Kill();
        if (Orchestrator.Running?.Process == process) Orchestrator.Died();
        foreach (var node in participants) node.Died(process);
    }

    /// <summary>A machine's clock, as wrong as the profile says.</summary>
    public ClockFace NewClockFace() => new(
        Dice.Between(TimeSpan.Zero, Profile.Skew) - (Profile.Skew / 2),
        (Dice.Between(-100, 100) / 100.0) * Profile.Drift);

    /// <summary>What a process logs.</summary>
    public ILoggerFactory LoggersFor(SimulatedProcess process) => new JournalLoggers(process, Journal);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var node in participants) node.Dispose();
    }

    private void Plan()
    {
        foreach (var customer in customers)
            Agenda.After(Dice.Between(TimeSpan.Zero, Profile.Rush), null, customer.Begin);
        Sometime(Profile.Verbs, operators.Act);
        Sometime(Profile.Kills, KillOne);
        Sometime(Profile.Freezes, FreezeOne);
        Sometime(Profile.Jumps, JumpOne);
        for (var i = 0; i < Profile.Partitions; i++)
            Faults.Cut(AnyName(), Dice.Chance(0.5), Moment(), Dice.Between(Second, Profile.HealAt));
        for (var i = Dice.Chance(0.3) ? Dice.Between(1, 3) : 0; i > 0; i--)
            Faults.Away(Dice.Chance(0.5) ? "" : AnyName(), Moment(), Dice.Between(Second, 15 * Second));
        Agenda.After(Profile.HealAt, null, Heal);
        Agenda.After(Second, null, overdue.Look);
    }

    private void Sometime(int times, Action act)
    {
        for (var i = 0; i < times; i++)
            Agenda.After(Moment(), null, () =>
            {
                if (!Faults.AreOver) act();
            });
    }

    private TimeSpan Moment() => Dice.Between(TimeSpan.Zero, Profile.HealAt);

    private IEnumerable<SimulatedProcess> Processes() =>
        participants.SelectMany(node => node.Running).Select(one => one.Process)
            .Concat(Orchestrator.Running is { } running ? [running.Process] : []);

    private string AnyName() => Dice.Pick(participants).Name;

    /// <summary>Null while none runs.</summary>
    private SimulatedProcess? AnyProcess()
    {
        var processes = Processes().ToList();
        return processes.Count == 0 ? null : Dice.Pick(processes);
    }

    private void KillOne()
    {
        if (AnyProcess() is { } process) Kill(process);
    }

    private void FreezeOne()
    {
        if (AnyProcess() is not { } process) return;
        Journal.Note($"{process.Name} is frozen");
        process.Freeze();
        Agenda.After(Dice.Between(TimeSpan.FromMilliseconds(100), 30 * Second), null, () => Thaw(process));
    }

    private void Thaw(SimulatedProcess process)
    {
        if (!process.IsAlive || !process.IsFrozen) return;
        Journal.Note($"{process.Name} is thawed");
        process.Thaw();
        foreach (var one in participants.SelectMany(node => node.Running))
            if (one.Process == process && one.IsServing)
                one.AwakeSince = Agenda.Now;
    }

    private void JumpOne()
    {
        var face = Dice.Pick([.. participants.SelectMany(node => node.Faces), Orchestrator.Face]);
        var by = Dice.Between(TimeSpan.FromMilliseconds(1), Profile.Jump);
        face.Offset += Dice.Chance(0.5) ? by : -by;
        Journal.Note($"a clock jumps to {face.Offset}");
    }

    private void Heal()
    {
        Journal.Note("everything heals");
        foreach (var process in Processes().ToList()) Thaw(process);
        foreach (var face in participants.SelectMany(node => node.Faces).Append(Orchestrator.Face))
            (face.Offset, face.Drift) = (TimeSpan.Zero, 0);
        Help();
        rest.Look();
    }

    private void Help()
    {
        operators.PutRight();
        Agenda.After(30 * Second, null, Help);
    }
}

/// <summary>What came of a world.</summary>
internal sealed record WorldReport(
    ulong Seed, ulong Hash, TimeSpan Lasted, long Steps, int Sagas, IReadOnlyList<string> Wrongs, Coverage Coverage);
