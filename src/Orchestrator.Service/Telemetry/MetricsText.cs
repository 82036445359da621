using System.Globalization;
using System.Text;

namespace Orchestrator.Service.Telemetry;

/// <summary>Writes figures in the Prometheus text format 0.0.4.</summary>
internal sealed class MetricsText
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();

    /// <summary>A figure that goes up and down.</summary>
    public MetricsText Gauge(string name, string help, double value) =>
        Head(name, help, "gauge").Line(name, null, null, value);

    /// <summary>A figure that only rises; its name ends in <c>_total</c>.</summary>
    public MetricsText Counter(string name, string help, double value) =>
        Head(name, help, "counter").Line(name, null, null, value);

    /// <summary>The head of a figure with several lines.</summary>
    public MetricsText Head(string name, string help, string type)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>A line of a figure, perhaps with a label.</summary>
    public MetricsText Line(string name, string? label, string? labelValue, double value)
    {
        text.Append(name);
        if (label is not null) text.Append('{').Append(label).Append("=\"").Append(Escape(labelValue!)).Append("\"}");
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => text.ToString();

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
