namespace Orchestrator.Simulator.Running;

/// <summary>
/// A process: a clock of its own, and code that runs only while it is alive. Killed, nothing of it ever runs again;
/// frozen, everything waits until it is thawed and then goes on as if nothing had been.
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly Agenda agenda;
    private readonly List<Action> held = [];
    private readonly Context context;

    public SimulatedProcess(string name, Agenda agenda, ClockFace face)
    {
        Name = name;
        this.agenda = agenda;
        context = new Context(this);
        Clock = new SimulatedClock(agenda, face, this);
    }

    /// <summary>Its name in the trace.</summary>
    public string Name { get; }

    /// <summary>Its clock.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>False once it was killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>True while it was stopped in the middle of whatever it did.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>What it does next, once it is its turn.</summary>
    public void Post(Action act)
    {
        if (IsAlive) agenda.Soon(this, act);
    }

    /// <summary>Runs something now as a part of this process; the agenda calls it.</summary>
    public void Run(Action act)
    {
        if (!IsAlive) return;
        if (IsFrozen)
        {
            held.Add(act);
            return;
        }

        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        IsAlive = false;
        held.Clear();
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze() => IsFrozen = true;

    /// <summary>SIGCONT.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        foreach (var act in held) agenda.Soon(this, act);
        held.Clear();
    }

    /// <summary>Brings every continuation of the process back to the agenda.</summary>
    private sealed class Context(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.Post(() => d(state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
