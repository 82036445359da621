using System.Globalization;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>How much chaos, and from which seed. The environment asks for more, or for a seed again.</summary>
internal sealed record ChaosPlan(ShopEngine Engine, int Seed)
{
    internal const string SeedVariable = "ORCHESTRATOR_CHAOS_SEED";
    internal const string RoundsVariable = "ORCHESTRATOR_CHAOS_ROUNDS";
    internal const string SecondsVariable = "ORCHESTRATOR_CHAOS_SECONDS";

    private const long FewPieces = 100;
    private const long ManyPieces = 1_000_000;

    /// <summary>How long at least; null for a short round, which kills, freezes and cuts only.</summary>
    internal TimeSpan? Time { get; init; }

    /// <summary>
    /// True when clocks are moved and disks fill up and stall as well. That needs libfaketime and the right to mount.
    /// </summary>
    internal bool IsFull => Time is not null;

    /// <summary>Sagas of a round, at least: in full chaos as many as the promise names, and a few more.</summary>
    internal int Sagas => (IsFull, Engine) switch
    {
        (false, _) => 80,
        (true, ShopEngine.Dapr) => 120,
        (true, _) => 240,
    };

    /// <summary>
    /// Programs killed in a round, at least: in full chaos on the embedded engine every one twice; more rounds reach
    /// more of them.
    /// </summary>
    internal int Kills => (IsFull, Engine) switch
    {
        (false, _) => 5,
        (true, ShopEngine.Dapr) => 6,
        (true, _) => 12,
    };

    /// <summary>Pieces of A1 in stock at the beginning: in a short round they run out.</summary>
    internal long Pieces => IsFull ? ManyPieces : FewPieces;

    /// <summary>One plan for each round; each round is played in a shop of its own.</summary>
    internal static IEnumerable<ChaosPlan> FromEnvironment(ShopEngine engine)
    {
        var seed = Read(SeedVariable) ?? Random.Shared.Next(1, 1_000_000);
        TimeSpan? time = Read(SecondsVariable) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return Enumerable.Range(0, Read(RoundsVariable) ?? 1)
            .Select(round => new ChaosPlan(engine, seed + round) { Time = time });
    }

    public override string ToString() => $"{Engine}, seed {Seed}; again with {SeedVariable}={Seed}"
        + (Time is { } time ? $" {SecondsVariable}={time.TotalSeconds}" : "");

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
