using System.Globalization;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>How much chaos, and from which seed. The environment asks for more rounds, or for a seed again.</summary>
internal sealed record ChaosPlan(int Seed)
{
    /// <summary>Sagas of a round, at least: as many as the promise names, and a few more.</summary>
    internal const int Sagas = 240;

    /// <summary>Programs killed in a round, at least: every one twice.</summary>
    internal const int Kills = 12;

    internal const string SeedVariable = "ORCHESTRATOR_CHAOS_SEED";
    internal const string RoundsVariable = "ORCHESTRATOR_CHAOS_ROUNDS";

    /// <summary>One plan for each round; each round is played in a shop of its own.</summary>
    internal static IEnumerable<ChaosPlan> FromEnvironment()
    {
        var seed = Read(SeedVariable) ?? Random.Shared.Next(1, 1_000_000);
        return Enumerable.Range(0, Read(RoundsVariable) ?? 1).Select(round => new ChaosPlan(seed + round));
    }

    public override string ToString() => $"seed {Seed}; again with {SeedVariable}={Seed}";

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
