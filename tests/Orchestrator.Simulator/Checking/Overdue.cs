using Orchestrator.Simulator.Participating;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Checking;

/// <summary>
/// P2: whatever is held starts to be undone by its expiry and one sweep, as long as one replica is awake and its
/// database can be reached. A second is granted for looking.
/// </summary>
internal sealed class Overdue(World world)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Participant, LedgerKey Key, SimulatedProcess Process), TimeSpan> since = [];
    private readonly HashSet<(string Participant, LedgerKey Key, SimulatedProcess Process)> now = [];

    /// <summary>Looks, and again and again.</summary>
    public void Look()
    {
        now.Clear();
        foreach (var node in world.Participants)
            if (!world.Faults.LedgerIsAway(node.Name) && world.Profile.CommitFails == 0)
                foreach (var (key, row) in node.Disk.Rows)
                    if (row.State == "held")
                        Look(node, key, row);
        foreach (var gone in since.Keys.Where(key => !now.Contains(key)).ToList()) since.Remove(gone);
        world.Agenda.After(Every, null, Look);
    }

    private void Look(ParticipantNode node, LedgerKey key, SeenRow row)
    {
        foreach (var replica in node.Running)
        {
            if (!replica.IsServing || replica.Process.IsFrozen) continue;
            if (!(row.DueAt <= replica.Process.Clock.GetUtcNow())) continue;
            var id = (node.Name, key, replica.Process);
            now.Add(id);
            if (!since.TryGetValue(id, out var first)) since[id] = first = world.Agenda.Now;
            var from = first > replica.AwakeSince ? first : replica.AwakeSince;
            if (world.Agenda.Now - from <= world.Profile.Sweep + Grace) continue;
            world.Journal.Wrong("P2", $"{key} at {node.Name} was due at {row.DueAt:O}; {replica.Process.Name} has been "
                + $"awake since {replica.AwakeSince.TotalSeconds:F1} s and has not undone it for "
                + $"{(world.Agenda.Now - from).TotalSeconds:F1} s");
        }
    }
}
