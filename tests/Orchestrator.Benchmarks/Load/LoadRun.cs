using System.Runtime.InteropServices;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Load;

/// <summary>One run: starts the processes, measures, ends the processes.</summary>
internal sealed class LoadRun(LoadOptions options, TextWriter progress)
{
    public async Task<LoadReport> RunAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var disk = Disk.Measure(folder);
            await using var participant = await ServerProcess.StartParticipantAsync(cancel);
            if (options.Waiting > 0) return await WithWaitingAsync(folder, disk, participant, cancel);
            await using var collector = options.Telemetry is null
                ? null
                : await ServerProcess.StartParticipantAsync(cancel);
            await using var service = options.Url is null
                ? await ServerProcess.StartServiceAsync(folder, cancel, options.Postgres, SettingsOf(collector))
                : null;
            using var target = new ServiceUnderLoad(service?.Url ?? options.Url!, participant);
            await target.PrepareAsync(cancel);
            Say($"{options.Users} users, {Seconds(options.WarmUp)} s before and {Seconds(options.Measured)} s measured: sagas");
            var sagas = await target.MeasureAsync(options, cancel);
            Say("the same HTTP exchanges and nothing else");
            var ceiling = await Ceiling.MeasureAsync(options, participant, cancel);
            return Report(disk, sagas) with { Ceiling = ceiling, Ratio = sagas.PerSecond / ceiling.PerSecond };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(options.DataFolder).Any()) Directory.Delete(options.DataFolder);
        }
    }

    private string[] SettingsOf(ServerProcess? collector) => collector is null
        ? []
        :
        [
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_METRIC_EXPORT_INTERVAL=5000",
            .. options.Telemetry!.Select(
                signal => $"--OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_ENDPOINT={collector.Url}v1/{signal}"),
        ];

    private async Task<LoadReport> WithWaitingAsync(
        string folder, DiskFigures disk, ServerProcess participant, CancellationToken cancel)
    {
        await using var empty = await ServerProcess.StartServiceAsync(Path.Combine(folder, "without"), cancel);
        await using var full = await ServerProcess.StartServiceAsync(Path.Combine(folder, "with"), cancel);
        using var without = new ServiceUnderLoad(empty.Url, participant);
        using var with = new ServiceUnderLoad(full.Url, participant);
        await without.PrepareAsync(cancel);
        await with.PrepareAsync(cancel);
        // Both are warm before anything is compared, and before the heap is weighed.
        await without.MeasureAsync(options, cancel);
        await with.MeasureAsync(options, cancel);
        var warm = options.AlreadyWarm();
        var before = await HeapAsync(full, with, cancel);
        Say($"starting {options.Waiting} sagas that wait on timers");
        await ParkedSagas.StartAsync(with, options.Waiting, cancel);
        var after = await HeapAsync(full, with, cancel);
        var pairs = new List<(SagaFigures Without, SagaFigures With)>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            // Whoever comes second finds a warmer participant and a fuller disk queue, so the two take turns at it.
            var withFirst = round % 2 == 0;
            Say($"round {round} of {options.Rounds}: {(withFirst ? "with, then without" : "without, then with")}");
            var first = await (withFirst ? with : without).MeasureAsync(warm, cancel);
            var second = await (withFirst ? without : with).MeasureAsync(warm, cancel);
            pairs.Add(withFirst ? (second, first) : (first, second));
            Say($"p50 {pairs[^1].Without.P50Milliseconds:0.00} ms without, {pairs[^1].With.P50Milliseconds:0.00} ms with");
        }

        await ParkedSagas.CheckStillWaitingAsync(with, options.Waiting, cancel);
        return Report(disk, pairs[^1].Without) with
        {
            Waiting = WaitingFigures.Of(options.Waiting, pairs, (double)(after - before) / options.Waiting),
        };
    }

    private static async Task<long> HeapAsync(ServerProcess process, ServiceUnderLoad target, CancellationToken cancel)
    {
        GarbageCollection.Induce(process.Id);
        var heap = (await target.MetricsAsync(cancel)).Sum("orchestrator_gc_heap_bytes");
        return (long)(heap ?? throw new InvalidOperationException("The service does not tell orchestrator_gc_heap_bytes."));
    }

    private LoadReport Report(DiskFigures disk, SagaFigures sagas) => new()
    {
        Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
        Build = BuildOfThis.Configuration,
        Disk = disk,
        Users = options.Users,
        MeasuredSeconds = options.Measured.TotalSeconds,
        Sagas = sagas,
    };

    private void Say(string text) => progress.WriteLine($".. {text}");

    private static string Seconds(TimeSpan span) =>
        span.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
