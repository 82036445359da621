namespace Orchestrator.Simulator.Running;

/// <summary>What becomes of a commit.</summary>
internal enum CommitFate
{
    /// <summary>It is on disk.</summary>
    Written,

    /// <summary>Nothing is written.</summary>
    Fails,

    /// <summary>It is on disk, and reported as failed.</summary>
    WrittenButFails,

    /// <summary>The process dies, and nothing is written.</summary>
    KilledBefore,

    /// <summary>The process dies once it is on disk.</summary>
    WrittenThenKilled,
}

/// <summary>Decides, by the dice, what goes wrong. After the instant at which everything heals nothing does.</summary>
internal sealed class Faults(World world)
{
    private readonly List<(string Name, bool ToParticipant, TimeSpan From, TimeSpan To)> cuts = [];
    private readonly List<(string Name, TimeSpan From, TimeSpan To)> outages = [];
    private readonly Dictionary<(string Saga, string Step), bool> stubborn = [];

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)];

    /// <summary>Everything has healed.</summary>
    public bool AreOver => world.Agenda.Now >= world.Profile.HealAt;

    private Profile Profile => world.Profile;

    /// <summary>One way between the orchestrator and a participant is cut for a while.</summary>
    public void Cut(string participant, bool toParticipant, TimeSpan from, TimeSpan lasts) =>
        cuts.Add((participant, toParticipant, from, from + lasts));

    /// <summary>A database is away for a while; the orchestrator's has the name of nobody.</summary>
    public void Away(string participant, TimeSpan from, TimeSpan lasts) =>
        outages.Add((participant, from, from + lasts));

    public bool IsCut(string participant, bool toParticipant) => !AreOver && cuts.Any(cut =>
        cut.Name == participant && cut.ToParticipant == toParticipant && IsNow(cut.From, cut.To));

    public bool StoreIsAway() => LedgerIsAway("");

    public bool LedgerIsAway(string participant) =>
        !AreOver && outages.Any(outage => outage.Name == participant && IsNow(outage.From, outage.To));

    public CommitFate FateOfCommit()
    {
        if (Happens(Profile.CommitKills))
            return world.Dice.Chance(0.5) ? CommitFate.KilledBefore : CommitFate.WrittenThenKilled;
        if (Happens(Profile.CommitFails))
            return world.Dice.Chance(0.5) ? CommitFate.Fails : CommitFate.WrittenButFails;
        return CommitFate.Written;
    }

    public bool Loses() => Happens(Profile.Lose);

    public bool BreaksLoudly() => world.Dice.Chance(0.5);

    public bool Repeats() => Happens(Profile.Repeat);

    public bool Garbles() => Happens(Profile.Garble);

    public bool HandlerThrows() => Happens(Profile.Throw);

    public bool ActionIsRefused() => Happens(Profile.Refuse);

    /// <summary>The undo of some steps fails until everything heals.</summary>
    public bool UndoThrows(string saga, string step)
    {
        if (AreOver) return false;
        if (!stubborn.TryGetValue((saga, step), out var throws))
            stubborn[(saga, step)] = throws = Happens(Profile.StubbornUndo);
        return throws || HandlerThrows();
    }

    public TimeSpan MessageDelay()
    {
        if (Happens(Profile.Late)) return world.Dice.Between(TimeSpan.FromSeconds(5), Profile.Latest);
        if (Happens(Profile.Slow)) return world.Dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(8));
        return world.Dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));
    }

    public TimeSpan DiskDelay() =>
        Happens(0.01)
            ? world.Dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2))
            : world.Dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(4));

    public TimeSpan Downtime() =>
        AreOver ? Pauses[0] : world.Dice.Between(Pauses[0], world.Dice.Pick(Pauses));

    private bool Happens(double probability) => !AreOver && probability > 0 && world.Dice.Chance(probability);

    private bool IsNow(TimeSpan from, TimeSpan to) => world.Agenda.Now >= from && world.Agenda.Now < to;
}
