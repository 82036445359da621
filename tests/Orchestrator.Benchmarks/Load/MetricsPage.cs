using System.Globalization;

namespace Orchestrator.Benchmarks.Load;

/// <summary>A page of <c>/metrics</c>, read. Immutable.</summary>
internal sealed class MetricsPage
{
    private readonly List<(string Series, double Value)> lines = [];

    public static MetricsPage Read(string text)
    {
        var page = new MetricsPage();
        foreach (var line in text.Split('\n'))
        {
            var end = line.LastIndexOf(' ');
            if (end <= 0 || line[0] == '#') continue;
            if (double.TryParse(line.AsSpan(end + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                page.lines.Add((line[..end], value));
        }

        return page;
    }

    /// <summary>The sum over all labels of a name, or of those that hold a text; null when there is none.</summary>
    public double? Sum(string name, string label = "")
    {
        var found = lines.Where(
            line => (line.Series == name || line.Series.StartsWith(name + "{", StringComparison.Ordinal))
            && line.Series.Contains(label, StringComparison.Ordinal)).ToList();
        return found.Count == 0 ? null : found.Sum(line => line.Value);
    }
}
