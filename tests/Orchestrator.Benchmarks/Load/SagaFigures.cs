namespace Orchestrator.Benchmarks.Load;

/// <summary>What S3+confirm took. Null where the service does not tell.</summary>
internal sealed record SagaFigures
{
    public required long Completed { get; init; }

    public required IReadOnlyList<string> Wrong { get; init; }

    public required double PerSecond { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public required double LongestMilliseconds { get; init; }

    /// <summary>Processor time per saga, in milliseconds.</summary>
    public double? OrchestratorMilliseconds { get; init; }

    public required double ParticipantMilliseconds { get; init; }

    public required double HarnessMilliseconds { get; init; }

    /// <summary>
    /// Processors that were busy with anything else during the measured time: the more, the less the figures say.
    /// </summary>
    public double? OtherProcessors { get; init; }

    /// <summary>Bytes the orchestrator allocated per saga.</summary>
    public double? AllocatedBytes { get; init; }

    public double? Gen2Collections { get; init; }

    /// <summary>Work items that waited for a thread, at the end.</summary>
    public double? ThreadPoolQueue { get; init; }

    /// <summary>Transactions, each with one sync of the disk, per second.</summary>
    public double? CommitsPerSecond { get; init; }

    public double? RowsPerCommit { get; init; }

    public double? RowsPerSaga { get; init; }

    public static SagaFigures Of(Measurement<Snapshot> run)
    {
        var sagas = Math.Max(1, run.Ticks.Length);
        // The counters also see the sagas that began before the measured time and end after it: as many on either side.
        var commits = Grown("orchestrator_commits_total");
        var rows = Grown("orchestrator_rows_written_total");
        var orchestrator = Grown("orchestrator_process_cpu_seconds_total");
        var participant = run.After.ParticipantTime - run.Before.ParticipantTime;
        var harness = run.After.OwnTime - run.Before.OwnTime;
        // The system counts in coarser ticks than the processes, so nothing at all may come out a little below zero.
        var others = (run.After.MachineTime - run.Before.MachineTime)?.TotalSeconds
            - orchestrator - participant.TotalSeconds - harness.TotalSeconds;
        return new SagaFigures
        {
            Completed = run.Ticks.Length,
            Wrong = run.Wrong,
            PerSecond = run.PerSecond,
            P50Milliseconds = run.Milliseconds(0.5),
            P99Milliseconds = run.Milliseconds(0.99),
            LongestMilliseconds = run.Milliseconds(1),
            OrchestratorMilliseconds = orchestrator * 1000 / sagas,
            ParticipantMilliseconds = participant.TotalMilliseconds / sagas,
            HarnessMilliseconds = harness.TotalMilliseconds / sagas,
            OtherProcessors = others is { } seconds ? Math.Max(0, seconds / run.Elapsed.TotalSeconds) : null,
            AllocatedBytes = Grown("orchestrator_gc_allocated_bytes_total") / sagas,
            Gen2Collections = Grown("orchestrator_gc_collections_total", "generation=\"2\""),
            ThreadPoolQueue = run.After.Metrics.Sum("orchestrator_thread_pool_queue_length"),
            CommitsPerSecond = commits / run.Elapsed.TotalSeconds,
            RowsPerCommit = rows / commits,
            RowsPerSaga = rows / sagas,
        };

        double? Grown(string name, string label = "") =>
            run.After.Metrics.Sum(name, label) - run.Before.Metrics.Sum(name, label);
    }
}

/// <summary>The same exchanges without an orchestrator.</summary>
internal sealed record CeilingFigures(double PerSecond, double P50Milliseconds, double P99Milliseconds)
{
    public string ToText() =>
        $"{PerSecond:0}/s of the same 7 HTTP exchanges, p50 {P50Milliseconds:0.0} ms, p99 {P99Milliseconds:0.0} ms";
}

/// <summary>What waiting sagas cost those that run: medians over the rounds, growth in percent.</summary>
internal sealed record WaitingFigures(
    int Sagas,
    int Rounds,
    double P50Without,
    double P50With,
    double P50Growth,
    double? MillisecondsWithout,
    double? MillisecondsWith,
    double? MillisecondsGrowth,
    double BytesPerSaga,
    bool IsClean)
{
    public static WaitingFigures Of(int sagas, List<(SagaFigures Without, SagaFigures With)> pairs, double bytesPerSaga)
    {
        var p50Without = Median(pairs.Select(pair => pair.Without.P50Milliseconds))!.Value;
        var p50With = Median(pairs.Select(pair => pair.With.P50Milliseconds))!.Value;
        var timeWithout = Median(pairs.Select(pair => pair.Without.OrchestratorMilliseconds ?? double.NaN));
        var timeWith = Median(pairs.Select(pair => pair.With.OrchestratorMilliseconds ?? double.NaN));
        return new WaitingFigures(
            sagas,
            pairs.Count,
            p50Without,
            p50With,
            Growth(p50Without, p50With),
            timeWithout,
            timeWith,
            timeWithout is { } before && timeWith is { } after ? Growth(before, after) : null,
            bytesPerSaga,
            pairs.All(pair => pair.Without.Wrong.Count == 0 && pair.With.Wrong.Count == 0));
    }

    private static double Growth(double before, double after) => ((after / before) - 1) * 100;

    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0) return null;
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
