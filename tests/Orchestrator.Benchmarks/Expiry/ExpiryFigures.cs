using System.Globalization;
using System.Text;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>What a run of <c>expiry</c> brought; times in milliseconds.</summary>
/// <param name="Sagas">How many expired in one instant.</param>
/// <param name="Bursts">What became of them, one burst after the other.</param>
/// <param name="Database">The participant's database.</param>
/// <param name="Disk">What it lies on.</param>
internal sealed record ExpiryFigures(int Sagas, IReadOnlyList<Burst> Bursts, string Database, DiskFigures Disk)
{
    /// <summary>How long other sagas took before the bursts, in as much time as those took, ascending.</summary>
    public required IReadOnlyList<double> Before { get; init; }

    /// <summary>The same for those under way between an expiry and its last undo.</summary>
    public required IReadOnlyList<double> Meanwhile { get; init; }

    /// <summary>Processors that were busy with anything else.</summary>
    public double? OtherProcessors { get; init; }

    /// <summary>The stock is what it must be.</summary>
    public required bool IsBalanced { get; init; }

    /// <summary>All were undone, none before its expiry, and the books balance.</summary>
    public bool IsClean =>
        Bursts.All(burst => burst.Late.Count == Sagas && burst.Late[0] >= 0) && IsBalanced;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"machine       {Environment.ProcessorCount} cores, {BuildOfThis.Configuration}, {Disk.Format}, sync {Disk.SyncMilliseconds:0.00} ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"others busy   {OtherProcessors:0.00} processors with anything else");
        IReadOnlyList<double> late = [.. Bursts.SelectMany(burst => burst.Late).Order()];
        text.AppendLine(CultureInfo.InvariantCulture,
            $"undone        {late.Count} of {Bursts.Count} x {Sagas} on {Database}; {(IsBalanced ? "the stock is right" : "THE STOCK IS WRONG")}");
        if (late.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"after expiry  first {late[0]:0} ms, p50 {Of(late, 0.5):0} ms, p99 {Of(late, 0.99):0} ms, last {late[^1]:0} ms");
        if (Bursts.Count > 1)
            text.AppendLine(CultureInfo.InvariantCulture, $"  p99 of each {OfEach()} ms");
        text.AppendLine(Line("other sagas", Before)).AppendLine(Line("  meanwhile", Meanwhile));
        return text.ToString();
    }

    private string OfEach() => string.Join(' ', Bursts.Select(burst => burst.Late.Count == 0
        ? "none"
        : Of(burst.Late, 0.99).ToString("0", CultureInfo.InvariantCulture)));

    private static string Line(string name, IReadOnlyList<double> times) => times.Count == 0
        ? $"{name,-13} none"
        : string.Create(CultureInfo.InvariantCulture,
            $"{name,-13} {times.Count}: p50 {Of(times, 0.5):0.0} ms, p99 {Of(times, 0.99):0.0} ms, max {times[^1]:0.0} ms");

    private static double Of(IReadOnlyList<double> times, double part) =>
        times[Math.Min(times.Count - 1, (int)(times.Count * part))];
}
