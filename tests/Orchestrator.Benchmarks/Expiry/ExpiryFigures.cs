using System.Globalization;
using System.Text;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>What a run of <c>expiry</c> brought; times in milliseconds.</summary>
/// <param name="Sagas">How many expired.</param>
/// <param name="Late">For each that was undone, how long after its expiry that was seen, ascending.</param>
/// <param name="Database">The participant's database.</param>
/// <param name="Disk">What it lies on.</param>
internal sealed record ExpiryFigures(int Sagas, IReadOnlyList<double> Late, string Database, DiskFigures Disk)
{
    /// <summary>How long other sagas took before the expiry, ascending.</summary>
    public required IReadOnlyList<double> Before { get; init; }

    /// <summary>The same for those under way between the expiry and the last undo.</summary>
    public required IReadOnlyList<double> Meanwhile { get; init; }

    /// <summary>Processors that were busy with anything else.</summary>
    public double? OtherProcessors { get; init; }

    /// <summary>The stock is what it must be.</summary>
    public required bool IsBalanced { get; init; }

    /// <summary>All were undone, none before its expiry, and the books balance.</summary>
    public bool IsClean => Late.Count == Sagas && Late[0] >= 0 && IsBalanced;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"machine       {Environment.ProcessorCount} cores, {BuildOfThis.Configuration}, {Disk.Format}, sync {Disk.SyncMilliseconds:0.00} ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"others busy   {OtherProcessors:0.00} processors with anything else");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"undone        {Late.Count} of {Sagas} on {Database}; {(IsBalanced ? "the stock is right" : "THE STOCK IS WRONG")}");
        if (Late.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"after expiry  first {Late[0]:0} ms, p50 {Of(Late, 0.5):0} ms, p99 {Of(Late, 0.99):0} ms, last {Late[^1]:0} ms");
        text.AppendLine(Line("other sagas", Before)).AppendLine(Line("  meanwhile", Meanwhile));
        return text.ToString();
    }

    private static string Line(string name, IReadOnlyList<double> times) => times.Count == 0
        ? $"{name,-13} none"
        : string.Create(CultureInfo.InvariantCulture,
            $"{name,-13} {times.Count}: p50 {Of(times, 0.5):0.0} ms, p99 {Of(times, 0.99):0.0} ms, max {times[^1]:0.0} ms");

    private static double Of(IReadOnlyList<double> times, double part) =>
        times[Math.Min(times.Count - 1, (int)(times.Count * part))];
}
