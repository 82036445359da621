using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Load;

/// <summary>Everything a run found.</summary>
internal sealed record LoadReport
{
    public required string Machine { get; init; }

    public required string Build { get; init; }

    public required DiskFigures Disk { get; init; }

    public required int Users { get; init; }

    public required double MeasuredSeconds { get; init; }

    public required SagaFigures Sagas { get; init; }

    public CeilingFigures? Ceiling { get; init; }

    public double? Ratio { get; init; }

    public WaitingFigures? Waiting { get; init; }

    [JsonIgnore]
    public bool IsClean => Sagas.Wrong.Count == 0 && Sagas.Completed > 0 && Waiting is not { IsClean: false };

    public string ToText()
    {
        var text = new StringBuilder();
        Line("machine", $"{Machine}, {Build}");
        Line("disk", $"{Disk.Format}, one write and sync {Disk.SyncMilliseconds:0.000} ms");
        Line("load", $"S3+confirm, {Users} users, {MeasuredSeconds:0} s");
        Line("sagas/s", $"{Sagas.PerSecond:0}   ({Sagas.Completed} completed, {Sagas.Wrong.Count} wrong)");
        Line("latency", $"p50 {Sagas.P50Milliseconds:0.0} ms, p99 {Sagas.P99Milliseconds:0.0} ms, max {Sagas.LongestMilliseconds:0.0} ms");
        Line(
            "CPU per saga",
            $"orchestrator {Text(Sagas.OrchestratorMilliseconds, "0.000")} ms, participant {Sagas.ParticipantMilliseconds:0.000} ms, "
            + $"harness {Sagas.HarnessMilliseconds:0.000} ms");
        Line("others", $"{Text(Sagas.OtherProcessors, "0.00")} of {Environment.ProcessorCount} processors were busy with anything else");
        Line(
            "memory",
            $"{Text(Sagas.AllocatedBytes / 1024, "0.0")} KiB allocated per saga, {Text(Sagas.Gen2Collections, "0")} gen-2 collections, "
            + $"thread-pool queue {Text(Sagas.ThreadPoolQueue, "0")}");
        Line(
            "store",
            $"{Text(Sagas.CommitsPerSecond, "0")} commits (fsyncs)/s, {Text(Sagas.RowsPerCommit, "0.0")} rows per commit, "
            + $"{Text(Sagas.RowsPerSaga, "0.0")} rows per saga");
        if (Ceiling is { } ceiling)
        {
            Line("ceiling", ceiling.ToText());
            Line("ratio", $"{Ratio:0.000}");
        }

        if (Waiting is { } waiting) AddWaiting(waiting);
        foreach (var wrong in Sagas.Wrong.Take(3)) Line("wrong", $"{wrong}");
        return text.ToString();

        void AddWaiting(WaitingFigures figures)
        {
            Line("waiting", $"{figures.Sagas} sagas, {figures.Rounds} rounds, {figures.BytesPerSaga:0} bytes each");
            Line("  p50", $"{figures.P50Without:0.00} ms without, {figures.P50With:0.00} ms with: {figures.P50Growth:+0.0;-0.0} %");
            Line(
                "  CPU",
                $"{Text(figures.MillisecondsWithout, "0.000")} ms without, {Text(figures.MillisecondsWith, "0.000")} ms with: "
                + $"{Text(figures.MillisecondsGrowth, "+0.0;-0.0")} %");
        }

        void Line(string name, string value) =>
            text.Append(name.PadRight(14)).Append(value).Append('\n');
    }

    private static string Text(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "unknown";
}

/// <summary>The report as JSON.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
