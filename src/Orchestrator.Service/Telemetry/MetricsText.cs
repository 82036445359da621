using System.Globalization;
using System.Text;
using Orchestrator.Engine.Measuring;

namespace Orchestrator.Service.Telemetry;

/// <summary>Writes figures in the Prometheus text format 0.0.4.</summary>
internal sealed class MetricsText
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();

    /// <summary>A figure with all its values.</summary>
    public MetricsText Add(MetricFamily family, FigureReading reading)
    {
        Head(family.TextName, family.Help, family.Kind == MetricKind.Counter ? "counter" : "gauge");
        foreach (var point in family.Points(reading)) Line(family.TextName, point.Labels, point.Value);
        return this;
    }

    /// <summary>A histogram: its classes add up, as the format wants them.</summary>
    public MetricsText Add(HistogramFamily family, FigureReading reading)
    {
        var name = family.TextName;
        Head(name, family.Shape.Help, "histogram");
        foreach (var (figures, labels) in family.Points(reading)) Histogram(name, figures, labels);
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => text.ToString();

    private void Histogram(string name, HistogramFigures figures, KeyValuePair<string, object?>[] labels)
    {
        var count = 0L;
        for (var i = 0; i < figures.Counts.Count; i++)
        {
            count += figures.Counts[i];
            var bound = i < figures.Bounds.Count ? Number(figures.Bounds[i]) : "+Inf";
            Line($"{name}_bucket", [.. labels, new("le", bound)], count);
        }

        Line($"{name}_sum", labels, figures.Sum);
        Line($"{name}_count", labels, count);
    }

    private void Head(string name, string help, string type)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Line(string name, KeyValuePair<string, object?>[] labels, double value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"");
            text.Append(Escape((string)labels[i].Value!)).Append('"');
        }

        if (labels.Length > 0) text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
