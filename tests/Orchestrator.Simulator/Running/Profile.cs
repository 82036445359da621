namespace Orchestrator.Simulator.Running;

/// <summary>What kind of world it is: which faults there are and how often. Chosen by the seed.</summary>
internal sealed record Profile
{
    /// <summary>Sagas customers start.</summary>
    public required int Sagas { get; init; }

    /// <summary>How long customers go on starting them.</summary>
    public required TimeSpan Rush { get; init; }

    /// <summary>When all faults are over.</summary>
    public required TimeSpan HealAt { get; init; }

    /// <summary>Share of messages that never arrive.</summary>
    public required double Lose { get; init; }

    /// <summary>Share of messages that arrive once more, sometimes much later.</summary>
    public required double Repeat { get; init; }

    /// <summary>Share of messages that take seconds.</summary>
    public required double Slow { get; init; }

    /// <summary>Share of messages that take minutes, and the longest of these delays.</summary>
    public required double Late { get; init; }

    /// <summary>See <see cref="Late" />.</summary>
    public required TimeSpan Latest { get; init; }

    /// <summary>Partitions, each of one way between the orchestrator and one participant.</summary>
    public required int Partitions { get; init; }

    /// <summary>Share of commits that fail, and of those that were written all the same.</summary>
    public required double CommitFails { get; init; }

    /// <summary>Share of commits at which the process dies, before or after it.</summary>
    public required double CommitKills { get; init; }

    /// <summary>Processes killed at any moment, and started again.</summary>
    public required int Kills { get; init; }

    /// <summary>Processes frozen for a while.</summary>
    public required int Freezes { get; init; }

    /// <summary>How far clocks are apart at the start.</summary>
    public required TimeSpan Skew { get; init; }

    /// <summary>How much clocks drift.</summary>
    public required double Drift { get; init; }

    /// <summary>Jumps of clocks and how far.</summary>
    public required int Jumps { get; init; }

    /// <summary>See <see cref="Jumps" />.</summary>
    public required TimeSpan Jump { get; init; }

    /// <summary>Share of actions that are refused; of handlers that throw; of requests turned away.</summary>
    public required double Refuse { get; init; }

    /// <summary>See <see cref="Refuse" />.</summary>
    public required double Throw { get; init; }

    /// <summary>Share of requests something between answers: 503, 404, 302, 202, a 200 that is no answer.</summary>
    public required double Garble { get; init; }

    /// <summary>Share of steps whose undo fails until everything heals.</summary>
    public required double StubbornUndo { get; init; }

    /// <summary>Verbs operators submit.</summary>
    public required int Verbs { get; init; }

    /// <summary>How long participants keep final rows.</summary>
    public required TimeSpan LedgerRetention { get; init; }

    /// <summary>How long the orchestrator keeps finished sagas.</summary>
    public required TimeSpan SagaRetention { get; init; }

    /// <summary>How often watchers sweep.</summary>
    public required TimeSpan Sweep { get; init; }

    /// <summary>The kind of world a seed is.</summary>
    public static Profile Of(Dice dice)
    {
        var longLived = dice.Chance(0.2);
        var wild = !longLived && dice.Chance(0.2);
        return new Profile
        {
            Sagas = dice.Between(2, 10),
            Rush = dice.Between(Seconds(1), Seconds(30)),
            HealAt = longLived ? dice.Between(Seconds(300), Seconds(900)) : dice.Between(Seconds(20), Seconds(90)),
            Lose = Often(dice, 0.25),
            Repeat = Often(dice, 0.3),
            Slow = Often(dice, 0.3),
            Late = Often(dice, 0.1),
            Latest = longLived ? Seconds(600) : Seconds(120),
            Partitions = dice.Chance(0.5) ? dice.Between(1, 4) : 0,
            CommitFails = Often(dice, 0.05),
            CommitKills = Often(dice, 0.03),
            Kills = dice.Chance(0.5) ? dice.Between(1, 6) : 0,
            Freezes = dice.Chance(0.3) ? dice.Between(1, 4) : 0,
            Skew = wild && dice.Chance(0.5) ? TimeSpan.FromHours(1)
                : dice.Chance(0.3) ? Seconds(5) : TimeSpan.FromMilliseconds(200),
            Drift = dice.Chance(0.3) ? 0.02 : 0.0001,
            Jumps = wild ? dice.Between(1, 6) : 0,
            Jump = dice.Chance(0.5) ? TimeSpan.FromHours(1) : Seconds(20),
            Refuse = Often(dice, 0.2),
            Throw = Often(dice, 0.15),
            Garble = Often(dice, 0.25),
            StubbornUndo = Often(dice, 0.2),
            Verbs = dice.Chance(0.6) ? dice.Between(1, 30) : 0,
            LedgerRetention = longLived ? dice.Between(Seconds(120), Seconds(240)) : TimeSpan.FromDays(7),
            SagaRetention = dice.Chance(0.3) ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(7),
            Sweep = wild ? Seconds(5) : dice.Chance(0.5) ? Seconds(1) : dice.Between(Seconds(1), Seconds(10)),
        };
    }

    private static double Often(Dice dice, double most) => dice.Chance(0.5) ? most * dice.Between(1, 100) / 100 : 0;

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
