using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orchestrator.Tests.Telemetry;

/// <summary>Hears every span of the engine and the participants, and records all of them.</summary>
internal sealed class SpanListener : IDisposable
{
    private readonly ActivityListener listener;

    public SpanListener()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Orchestrator" or "Orchestrator.Participant",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.PropagationData,
            ActivityStopped = Stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Spans that are over.</summary>
    public ConcurrentQueue<Activity> Stopped { get; } = new();

    /// <summary>Recorded spans of one name that are over.</summary>
    public IEnumerable<Activity> Named(string name) =>
        Stopped.Where(span => span.Recorded && span.OperationName == name);

    public void Dispose() => listener.Dispose();
}
