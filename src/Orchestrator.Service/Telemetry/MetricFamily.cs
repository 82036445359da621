using Orchestrator.Engine.Measuring;

namespace Orchestrator.Service.Telemetry;

/// <summary>How a figure moves.</summary>
internal enum MetricKind
{
    /// <summary>Up and down.</summary>
    Gauge,

    /// <summary>It only rises while the process lives.</summary>
    Counter,
}

/// <summary>One value of a figure, with what it is of.</summary>
internal readonly record struct MetricPoint(double Value, params KeyValuePair<string, object?>[] Labels);

/// <summary>
/// A figure under its stable name: printed on <c>/metrics</c> and told by the meter, from the same line of code.
/// </summary>
/// <param name="Name">Its name, with dots.</param>
/// <param name="Unit">By UCUM: <c>s</c>, <c>By</c>, or what is counted in braces; null for 0 and 1.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Help">A sentence.</param>
/// <param name="Points">Its values.</param>
internal sealed record MetricFamily(
    string Name, string? Unit, MetricKind Kind, string Help, Func<FigureReading, IEnumerable<MetricPoint>> Points)
{
    /// <summary>Its name for Prometheus, as a collector would make it of the meter's.</summary>
    public string TextName => MetricNames.ForText(Name, Unit, Kind == MetricKind.Counter);

    /// <summary>One value that goes up and down.</summary>
    public static MetricFamily Gauge(string name, string? unit, string help, Func<FigureReading, double> value) =>
        new(name, unit, MetricKind.Gauge, help, reading => [new MetricPoint(value(reading))]);

    /// <summary>One value that only rises.</summary>
    public static MetricFamily Counter(string name, string? unit, string help, Func<FigureReading, double> value) =>
        new(name, unit, MetricKind.Counter, help, reading => [new MetricPoint(value(reading))]);
}

/// <summary>A histogram under its stable name; the engine tells the meter of it by itself.</summary>
/// <param name="Shape">What is measured.</param>
/// <param name="Points">How its values were spread.</param>
internal sealed record HistogramFamily(
    MeasureShape Shape,
    Func<FigureReading, IEnumerable<(HistogramFigures Figures, KeyValuePair<string, object?>[] Labels)>> Points)
{
    /// <summary>Its name for Prometheus.</summary>
    public string TextName => MetricNames.ForText(Shape.Name, Shape.Unit, isCounter: false);
}
