using System.Globalization;
using static Orchestrator.Service.Telemetry.MetricFamily;
using static Orchestrator.Service.Telemetry.MetricNames;

namespace Orchestrator.Service.Telemetry;

/// <summary>The figures of what waits, of the store, of operators' work, of participants and of the process.</summary>
internal static class StoreFamilies
{
    /// <summary>In the order in which they are printed.</summary>
    public static IReadOnlyList<MetricFamily> All { get; } =
        [.. Waiting(), .. Store(), .. OperatingFamilies.All, .. Participants(), .. Process()];

    private static MetricFamily[] Waiting() =>
    [
        Gauge(
            "orchestrator.oldest_due_age", "s", "Age of the oldest work that is due and not done, in seconds.",
            r => r.Engine.OldestDueAge.TotalSeconds),
        Gauge(
            "orchestrator.endings_waiting", "{ending}", "Endings not yet told to a participant.",
            r => r.Engine.EndingsWaiting),
        Gauge(
            "orchestrator.oldest_event_age", "s", "Age of the oldest event that waits for the broker, in seconds.",
            r => r.Engine.OldestEventAge.TotalSeconds),
        Gauge(
            "orchestrator.facts_waiting", "{fact}", "Facts of sagas that wait for the broker.",
            r => r.Engine.FactsWaiting),
        Counter(
            "orchestrator.facts_left_out", "{fact}", "Facts of sagas left out because too many waited.",
            r => r.Engine.FactsLeftOut),
        Counter(
            "orchestrator.unexpected_replies", "{reply}", "Answers over the broker that no call waited for.",
            r => r.Engine.UnexpectedReplies),
    ];

    private static MetricFamily[] Store() =>
    [
        Counter("orchestrator.commits", "{commit}", "Transactions written.", r => r.Engine.Commits),
        Counter("orchestrator.rows_written", "{row}", "Rows written in them.", r => r.Engine.Rows),
        Counter(
            "orchestrator.commit_failures", "{commit}", "Transactions that failed.", r => r.Engine.CommitFailures),
    ];

    private static MetricFamily[] Participants() =>
    [
        Each("calls", MetricKind.Counter, "Calls that ended.", figures => figures.Calls),
        Each("call_failures", MetricKind.Counter, "Calls without a usable answer.", figures => figures.Failures),
        Each("calls_under_way", MetricKind.Gauge, "Calls under way.", figures => figures.UnderWay),
        Each("calls_waiting", MetricKind.Gauge, "Calls that wait for a place.", figures => figures.Waiting),
        new(
            "orchestrator.participant.answers", "{answer}", MetricKind.Counter,
            "What came of calls, by participant, command and kind of answer.",
            r => r.Meter.Answers.Select(each => new MetricPoint(
                each.Count, Label("participant", each.Participant), Label("command", each.Command),
                Label("answer", each.Answer)))),
        new(
            "orchestrator.participant.paused", null, MetricKind.Gauge, "1 while calls to it are kept back, else 0.",
            r => r.Participants.Take(Engine.EngineLimits.MaxMeasuredNames).Select(
                each => new MetricPoint(each.Paused ? 1 : 0, Label("participant", each.Name)))),
    ];

    private static MetricFamily Each(
        string name, MetricKind kind, string help, Func<Engine.ParticipantFigures, long> value) => new(
        "orchestrator.participant." + name, "{call}", kind, help,
        r => r.Engine.Participants.Select(
            figures => new MetricPoint(value(figures), Label("participant", figures.Name))));

    private static MetricFamily[] Process() =>
    [
        Counter(
            "orchestrator.process.cpu", "s", "Processor time used, in seconds.",
            r => r.Process.Processor.TotalSeconds),
        Gauge(
            "orchestrator.process.resident_memory", "By", "Resident memory, in bytes.", r => r.Process.Resident),
        Gauge("orchestrator.process.threads", "{thread}", "Threads of the process.", r => r.Process.Threads),
        Gauge(
            "orchestrator.gc.heap", "By", "Managed heap, in bytes.",
            _ => GC.GetTotalMemory(forceFullCollection: false)),
        Counter("orchestrator.gc.allocated", "By", "Bytes allocated.", _ => GC.GetTotalAllocatedBytes()),
        Gauge(
            "orchestrator.thread_pool.queue_length", "{item}", "Work that waits for a pool thread.",
            _ => ThreadPool.PendingWorkItemCount),
        new(
            "orchestrator.gc.collections", "{collection}", MetricKind.Counter, "Garbage collections, by generation.",
            _ => Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new MetricPoint(
                GC.CollectionCount(generation),
                Label("generation", generation.ToString(CultureInfo.InvariantCulture))))),
    ];
}
