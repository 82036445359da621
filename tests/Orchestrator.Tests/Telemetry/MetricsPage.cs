using System.Globalization;

namespace Orchestrator.Tests.Telemetry;

/// <summary>A page of /metrics, read.</summary>
internal sealed class MetricsPage
{
    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    public Dictionary<string, double> Values { get; } = [];

    public static MetricsPage Read(string text)
    {
        var page = new MetricsPage();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', 4);
            if (words[0] != "#")
                page.Values.Add(line[..line.LastIndexOf(' ')], double.Parse(words[^1], CultureInfo.InvariantCulture));
            else if (words[1] == "TYPE") page.Types.Add(words[2], words[3]);
            else page.Helps.Add(words[2], words[3]);
        }

        return page;
    }

    /// <summary>The value of a series that must be there.</summary>
    public double Of(string series) => Values.Should().ContainKey(series).WhoseValue;

    /// <summary>Every name a query may use: histograms have three.</summary>
    public IReadOnlySet<string> Names => Types.SelectMany(
        pair => pair.Value == "histogram"
            ? new[] { $"{pair.Key}_bucket", $"{pair.Key}_sum", $"{pair.Key}_count" }
            : [pair.Key]).ToHashSet();
}
