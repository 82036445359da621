using System.Diagnostics.Metrics;

namespace Orchestrator.Engine.Measuring;

/// <summary>
/// Counts values in classes, for our own page of figures, and tells whoever listens to the meter. Safe for any number
/// of threads.
/// </summary>
/// <param name="shape">What is measured.</param>
/// <param name="told">Where whoever listens is told.</param>
/// <param name="labels">What the values are of.</param>
internal sealed class ClassCounts(
    MeasureShape shape, Histogram<double> told, params KeyValuePair<string, object?>[] labels)
{
    // A sum of doubles cannot be added to by several threads without a lock; millionths can.
    private const double Scale = 1e6;

    private readonly long[] counts = new long[shape.Bounds.Count + 1];
    private long sum;

    /// <summary>A value was measured, so many times.</summary>
    public void Note(double value, int times = 1)
    {
        var at = 0;
        while (at < shape.Bounds.Count && value > shape.Bounds[at]) at++;
        Interlocked.Add(ref counts[at], times);
        Interlocked.Add(ref sum, (long)(value * Scale) * times);
        if (!told.Enabled) return;
        for (var i = 0; i < times; i++) told.Record(value, labels);
    }

    /// <summary>The counts of this moment.</summary>
    public HistogramFigures Read()
    {
        var read = new long[counts.Length];
        for (var i = 0; i < read.Length; i++) read[i] = Interlocked.Read(ref counts[i]);
        return new HistogramFigures(shape.Bounds, read, Interlocked.Read(ref sum) / Scale);
    }
}
