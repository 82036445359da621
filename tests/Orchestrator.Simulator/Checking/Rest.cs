using Orchestrator.Core.Deciding;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Checking;

/// <summary>
/// Once everything has healed, the world must come to rest: every saga ended, everybody told, nothing held.
/// </summary>
internal sealed class Rest(World world)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>True once it has.</summary>
    public bool HasCome { get; private set; }

    /// <summary>Looks, and again and again.</summary>
    public void Look()
    {
        HasCome = Missing().Length == 0;
        if (HasCome) return;
        if (world.Agenda.Now > world.Profile.HealAt + Longest) world.Journal.Wrong("liveness", Missing());
        else world.Agenda.After(Every, null, Look);
    }

    /// <summary>What it waits for, in words; empty when nothing.</summary>
    public string Missing()
    {
        if (!world.AllAreServed) return "a customer does not know its saga";
        if (world.Network.OnTheWay > 0) return $"{world.Network.OnTheWay} messages are on their way";
        var running = world.Truth.Known.FirstOrDefault(id => world.Truth.StateOf(id)?.IsClosed() != true);
        if (running is not null)
        {
            var state = world.Truth.StateOf(running)!;
            var steps = string.Join(", ", state.Steps.Select(step => $"{step.Key} {step.View()} {step.LastError()}"));
            return $"saga {running} is {state.Phase()}{(state.Suspended ? ", suspended" : "")}: {steps}";
        }

        if (world.Orchestrator.Disk.Waiting > 0) return $"{world.Orchestrator.Disk.Waiting} events wait in the outbox";
        foreach (var node in world.Participants)
            foreach (var (key, row) in node.Disk.Rows)
                if (row.State == "held" || !row.IsEnded)
                    return $"{node.Name} has {key} {row.State}, and has not heard of the end";
        return "";
    }
}
