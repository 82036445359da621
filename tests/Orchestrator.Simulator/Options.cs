using System.Globalization;

namespace Orchestrator.Simulator;

/// <summary>What the command line asks for.</summary>
/// <param name="Seeds">These seeds, first and last.</param>
/// <param name="Minutes">Then new seeds for so long.</param>
/// <param name="Trace">Writes out everything that happens.</param>
/// <param name="ShowCoverage">Lists what was gone through and what was not.</param>
internal sealed record Options((ulong First, ulong Last)? Seeds, double Minutes, bool Trace, bool ShowCoverage)
{
    private const string Usage = """
        Runs simulated worlds and says which broke a promise. Exit code 0: none did; 1: some did; 2: wrong arguments.
          --seeds FIRST-LAST   the worlds of these seeds
          --minutes N          after them, new seeds for N minutes (a decimal fraction is fine)
          --trace              write out everything that happens
          --coverage           list which ledger cells and which pairs of phase and event were gone through
        SIM_SEED=N             the world of one seed again, the same to the byte, written out
        """;

    /// <summary>Reads the arguments; null when they are wrong.</summary>
    public static Options? Read(string[] args, string? seed)
    {
        var options = new Options(null, 0, false, false);
        if (seed is not null)
            return ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
                ? options with { Seeds = (one, one), Trace = true }
                : null;
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--seeds" when Range(value) is { } range:
                    options = options with { Seeds = range };
                    i++;
                    break;
                case "--minutes"
                    when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes >= 0:
                    options = options with { Minutes = minutes };
                    i++;
                    break;
                case "--trace":
                    options = options with { Trace = true };
                    break;
                case "--coverage":
                    options = options with { ShowCoverage = true };
                    break;
                default:
                    return null;
            }
        }

        return options.Seeds is null && options.Minutes == 0 ? null : options;
    }

    /// <summary>Says how it is called.</summary>
    public static int Explain(TextWriter to)
    {
        to.WriteLine(Usage);
        return 2;
    }

    private static (ulong, ulong)? Range(string text)
    {
        var ends = text.Split('-', 2);
        return ulong.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ulong.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last
                ? (first, last)
                : null;
    }
}
