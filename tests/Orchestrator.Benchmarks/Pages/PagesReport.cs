using System.Globalization;
using System.Text;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Pages;

/// <summary>What was found: answers while idle and under load, and the sagas without and with open pages.</summary>
internal sealed record PagesReport(
    IReadOnlyList<AnswerFigures> Idle,
    IReadOnlyList<AnswerFigures> UnderLoad,
    IReadOnlyList<SagaFigures> Without,
    IReadOnlyList<SagaFigures> With)
{
    /// <summary>What an operator does not notice.</summary>
    private const double SlowMilliseconds = 200;

    /// <summary>By how many percent open pages may slow the sagas down.</summary>
    private const double MostPercent = 5;

    public double Growth => ((Median(With) / Median(Without)) - 1) * 100;

    public bool IsGood => Growth > -MostPercent
        && Idle.Concat(UnderLoad).All(answer => answer.P95 < SlowMilliseconds)
        && Without.Concat(With).All(figures => figures.Wrong.Count == 0 && figures.Completed > 0);

    public string ToText()
    {
        var text = new StringBuilder();
        Line("build", BuildOfThis.Configuration);
        foreach (var answer in Idle) Line("idle", answer.ToText());
        foreach (var answer in UnderLoad.OrderBy(answer => answer.Path)) Line("under load", answer.ToText());
        Line("sagas/s", string.Create(
            CultureInfo.InvariantCulture,
            $"{Median(Without):0} without, {Median(With):0} with three open pages: {Growth:+0.0;-0.0} % "
            + $"(medians of {With.Count})"));
        Line("  p99", string.Create(
            CultureInfo.InvariantCulture,
            $"{Median(Without, Slow):0.0} ms without, {Median(With, Slow):0.0} ms with"));
        Line("  CPU", string.Create(
            CultureInfo.InvariantCulture,
            $"orchestrator {Median(Without, Cpu):0.000} ms per saga without, {Median(With, Cpu):0.000} ms with"));
        Line("others", string.Create(
            CultureInfo.InvariantCulture,
            $"at most {Without.Concat(With).Max(figures => figures.OtherProcessors):0.00} processors were busy with "
            + $"anything else, the questions of the pages among it"));
        return text.ToString();

        void Line(string name, string value) => text.Append(name.PadRight(14)).Append(value).Append('\n');
    }

    private static double Slow(SagaFigures figures) => figures.P99Milliseconds;

    private static double Cpu(SagaFigures figures) => figures.OrchestratorMilliseconds ?? double.NaN;

    private static double Median(IEnumerable<SagaFigures> figures) => Median(figures, each => each.PerSecond);

    private static double Median(IEnumerable<SagaFigures> figures, Func<SagaFigures, double> value)
    {
        var sorted = figures.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>How long the answers to one question took, in milliseconds.</summary>
internal sealed record AnswerFigures(string Path, int Count, double P50, double P95, double Longest)
{
    public static AnswerFigures Of(string path, double[] milliseconds)
    {
        Array.Sort(milliseconds);
        return new AnswerFigures(
            path,
            milliseconds.Length,
            milliseconds[milliseconds.Length / 2],
            milliseconds[milliseconds.Length * 95 / 100],
            milliseconds[^1]);
    }

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path,-32} p50 {P50,6:0.0} ms, p95 {P95,6:0.0} ms, max {Longest,6:0.0} ms  ({Count})");
}
