using System.Diagnostics.Metrics;
using Orchestrator.Engine.Measuring;

namespace Orchestrator.Service.Telemetry;

/// <summary>
/// Tells whoever listens to the meter what <c>/metrics</c> prints, under the same names. Nothing is read before
/// somebody asks.
/// </summary>
internal static class MeterInstruments
{
    /// <summary>Makes an instrument of every figure; histograms are the engine's own.</summary>
    public static void Make(IMeterFactory meters, FigureReader figures)
    {
        var meter = meters.Create(EngineMeter.MeterName);
        foreach (var family in SagaFamilies.All.Concat(StoreFamilies.All))
        {
            switch (family.Kind)
            {
                case MetricKind.Counter:
                    meter.CreateObservableCounter(family.Name, () => Read(family, figures), family.Unit, family.Help);
                    break;
                case MetricKind.Gauge:
                    meter.CreateObservableGauge(family.Name, () => Read(family, figures), family.Unit, family.Help);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"Unknown kind {family.Kind}.");
            }
        }
    }

    private static IEnumerable<Measurement<double>> Read(MetricFamily family, FigureReader figures) =>
        family.Points(figures.ReadShared()).Select(point => new Measurement<double>(point.Value, point.Labels));
}
