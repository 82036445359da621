using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.Telemetry;

/// <summary>
/// Keeps everything this process tells through its log, its spans and its instruments, of every source and at every
/// level, to look for what must not be in it.
/// </summary>
internal sealed class EverythingTold : ILoggerProvider
{
    private readonly ActivityListener spans;
    private readonly MeterListener figures = new();

    public EverythingTold()
    {
        spans = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(spans);
        figures.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        figures.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        figures.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        figures.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Keep(instrument, tags));
        figures.Start();
    }

    /// <summary>What the log was told: category and everything in the line.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>What spans were told: their names, tags and events.</summary>
    public ConcurrentQueue<string> Spans { get; } = new();

    /// <summary>What instruments were told: their names and tags.</summary>
    public ConcurrentDictionary<string, bool> Figures { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    /// <summary>Asks the instruments that are only asked.</summary>
    public void Ask() => figures.RecordObservableInstruments();

    public void Dispose()
    {
        spans.Dispose();
        figures.Dispose();
    }

    private void Keep(Activity span) => Spans.Enqueue(string.Join(
        ' ',
        [
            span.OperationName, span.DisplayName, span.StatusDescription, span.TraceStateString,
            .. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
            .. span.Baggage.Select(item => $"{item.Key}={item.Value}"),
            .. span.Events.SelectMany(e => e.Tags.Select(tag => $"{e.Name} {tag.Key}={tag.Value}")),
        ]));

    private void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var told = instrument.Name;
        foreach (var tag in tags) told += $" {tag.Key}={tag.Value}";
        Figures.TryAdd(told, true);
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"{category} {Whole(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category} {formatter(state, exception)} {Whole(state)} {exception}");

        private static string Whole<TState>(TState state) => state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
            : $"{state}";
    }
}
