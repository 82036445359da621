using System.Globalization;

namespace Orchestrator.Benchmarks.Processes;

/// <summary>The machine as a whole.</summary>
internal static class Machine
{
    private const string Times = "/proc/stat";

    /// <summary>Linux counts in hundredths of a second, whatever its timer does.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time all processes together have used; null where the system does not tell.</summary>
    public static TimeSpan? BusyTime()
    {
        if (!File.Exists(Times)) return null;
        // cpu user nice system idle iowait irq softirq steal
        var fields = File.ReadLines(Times).First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromSeconds((fields.Sum() - fields[3] - fields[4]) / TicksPerSecond);
    }
}
