using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api;
using static Orchestrator.Service.Telemetry.MetricFamily;
using static Orchestrator.Service.Telemetry.MetricNames;

namespace Orchestrator.Service.Telemetry;

/// <summary>The figures of batches and alerts.</summary>
internal static class OperatingFamilies
{
    /// <summary>In the order in which they are printed.</summary>
    public static IReadOnlyList<MetricFamily> All { get; } =
    [
        Gauge(
            "orchestrator.batches.running", "{batch}", "Batches that go on.", r => r.Engine.Batches.Running),
        new(
            "orchestrator.batches.sagas", "{saga}", MetricKind.Counter,
            "Sagas of batches this process has an answer for, by result.",
            r =>
            [
                new MetricPoint(r.Engine.Batches.Accepted, Label("result", Words.Of(BatchFate.Accepted))),
                new MetricPoint(r.Engine.Batches.Refused, Label("result", Words.Of(BatchFate.Refused))),
                new MetricPoint(r.Engine.Batches.Failed, Label("result", Words.Of(BatchFate.Failed))),
            ]),
        new(
            "orchestrator.alerts.waiting", "{alert}", MetricKind.Gauge,
            "Alerts and clearances a target has not taken, told by the orchestrator that sends them.",
            r => r.Engine.Alerts.Select(each => new MetricPoint(each.Waiting, Label("target", each.Target)))),
        new(
            "orchestrator.alerts.delivered", "{message}", MetricKind.Counter,
            "Messages of alerts a target has taken from this process.",
            r => r.Engine.Alerts.Select(each => new MetricPoint(each.Delivered, Label("target", each.Target)))),
        new(
            "orchestrator.alerts.failed", "{message}", MetricKind.Counter,
            "Tries to tell a target of alerts that did not arrive.",
            r => r.Engine.Alerts.Select(each => new MetricPoint(each.Failed, Label("target", each.Target)))),
    ];
}
