namespace Orchestrator.Engine.Measuring;

/// <summary>How values were spread.</summary>
/// <param name="Bounds">Upper bounds of the classes, rising; the last class has none.</param>
/// <param name="Counts">Values in each class, one class more than there are bounds.</param>
/// <param name="Sum">The sum of all values.</param>
public sealed record HistogramFigures(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum);
