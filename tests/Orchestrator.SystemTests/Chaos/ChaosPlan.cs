using System.Globalization;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>How much chaos, and from which seed. The environment asks for more rounds, or for a seed again.</summary>
internal sealed record ChaosPlan(ShopEngine Engine, int Seed)
{
    internal const string SeedVariable = "ORCHESTRATOR_CHAOS_SEED";
    internal const string RoundsVariable = "ORCHESTRATOR_CHAOS_ROUNDS";

    /// <summary>Sagas of a round, at least: as many as the promise names, and a few more.</summary>
    internal int Sagas => Engine == ShopEngine.Dapr ? 120 : 240;

    /// <summary>
    /// Programs killed in a round, at least: on the embedded engine every one twice; more rounds reach more of them.
    /// </summary>
    internal int Kills => Engine == ShopEngine.Dapr ? 6 : 12;

    /// <summary>One plan for each round; each round is played in a shop of its own.</summary>
    internal static IEnumerable<ChaosPlan> FromEnvironment(ShopEngine engine)
    {
        var seed = Read(SeedVariable) ?? Random.Shared.Next(1, 1_000_000);
        return Enumerable.Range(0, Read(RoundsVariable) ?? 1).Select(round => new ChaosPlan(engine, seed + round));
    }

    public override string ToString() => $"{Engine}, seed {Seed}; again with {SeedVariable}={Seed}";

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
