using Orchestrator.Contract;
using Orchestrator.Service.Api;
using static Orchestrator.Service.Telemetry.MetricFamily;
using static Orchestrator.Service.Telemetry.MetricNames;

namespace Orchestrator.Service.Telemetry;

/// <summary>The figures of the service and its sagas.</summary>
internal static class SagaFamilies
{
    /// <summary>In the order in which they are printed.</summary>
    public static IReadOnlyList<MetricFamily> All { get; } =
    [
        Gauge("orchestrator.ready", null, "1 while starts are accepted, else 0.", r => r.IsReady ? 1 : 0),
        Gauge(
            "orchestrator.warning", null, "1 while /readyz tells of something a person should change, else 0.",
            r => r.HasWarning ? 1 : 0),
        .. Now(),
        .. Since(),
    ];

    private static MetricFamily[] Now() =>
    [
        Gauge("orchestrator.sagas.live", "{saga}", "Sagas that have not ended.", r => r.Engine.Live),
        new(
            "orchestrator.sagas.in_phase", "{saga}", MetricKind.Gauge, "Sagas that have not ended, by phase.",
            r => r.Meter.Live.Phases.Select(each => new MetricPoint(each.Count, Label("phase", Words.Of(each.Phase))))),
        Gauge("orchestrator.sagas.stuck", "{saga}", "Sagas that need a person now.", r => r.Engine.Stuck),
        Gauge(
            "orchestrator.sagas.stuck_oldest", "s", "Age of the oldest of them, from its start.",
            r => r.Meter.Live.OldestStuckAge.TotalSeconds),
        Gauge(
            "orchestrator.sagas.in_doubt", "{saga}", "Sagas whose confirmed participant owes an undo now.",
            r => r.Engine.InDoubt),
        Gauge(
            "orchestrator.sagas.in_doubt_oldest", "s", "For how long the oldest of them does.",
            r => r.Engine.OldestInDoubtAge.TotalSeconds),
        Gauge(
            "orchestrator.sagas.overdue", "{saga}",
            "Sagas past their expiry that have not ended and are not past the point of no return.",
            r => r.Meter.Live.Overdue),
        Gauge(
            "orchestrator.sagas.overdue_oldest", "s", "For how long the oldest of them is.",
            r => r.Meter.Live.OldestOverdueAge.TotalSeconds),
        Gauge(
            "orchestrator.sagas.suspended", "{saga}", "Sagas that an operator holds.", r => r.Meter.Live.Suspended),
    ];

    private static MetricFamily[] Since() =>
    [
        Counter("orchestrator.sagas.started", "{saga}", "Sagas started by this process.", r => r.Engine.Started),
        new(
            "orchestrator.sagas.ended", "{saga}", MetricKind.Counter, "Sagas ended in this process, by outcome.",
            r =>
            [
                new MetricPoint(r.Engine.Completed, Label("outcome", WireWords.Completed)),
                new MetricPoint(r.Engine.Compensated, Label("outcome", WireWords.Compensated)),
            ]),
        new(
            "orchestrator.definition.sagas_started", "{saga}", MetricKind.Counter,
            "Sagas started by this process, by definition.",
            r => r.Meter.Definitions.Select(
                each => new MetricPoint(each.Started, Label("definition", each.Definition)))),
        new(
            "orchestrator.definition.sagas_ended", "{saga}", MetricKind.Counter,
            "Sagas ended in this process, by definition and outcome.",
            r => r.Meter.Definitions.SelectMany(each => new MetricPoint[]
            {
                new(each.Completed, Label("definition", each.Definition), Label("outcome", WireWords.Completed)),
                new(each.Compensated, Label("definition", each.Definition), Label("outcome", WireWords.Compensated)),
            })),
    ];
}
