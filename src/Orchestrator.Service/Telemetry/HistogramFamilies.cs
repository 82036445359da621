using Orchestrator.Engine.Measuring;
using Orchestrator.Service.Api;
using static Orchestrator.Service.Telemetry.MetricNames;

namespace Orchestrator.Service.Telemetry;

/// <summary>The figures that say how values were spread.</summary>
internal static class HistogramFamilies
{
    /// <summary>In the order in which they are printed.</summary>
    public static IReadOnlyList<HistogramFamily> All { get; } =
    [
        new(
            MeasureShape.Saga,
            r => r.Meter.Sagas.Select(each => (each.Took, new[] { Label("outcome", Words.Of(each.Outcome)) }))),
        new(
            MeasureShape.Call,
            r => r.Meter.Calls.Select(each => (each.Took, new[] { Label("participant", each.Participant) }))),
        new(MeasureShape.Turn, r => [(r.Meter.Turns, [])]),
        new(MeasureShape.Commit, r => [(r.Meter.Commits, [])]),
        new(MeasureShape.Rows, r => [(r.Meter.Rows, [])]),
    ];
}
