using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Batches;

/// <summary>
/// The command <c>batch</c>: what a cancel of the most sagas a batch may have takes, and what the sagas of <c>load</c>
/// feel of it.
/// </summary>
internal static class BatchCommand
{
    private const int Sagas = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, MeasureAsync);

    private static async Task<int> MeasureAsync(LoadOptions options, CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            await using var participant = await ServerProcess.StartParticipantAsync(cancel);
            await using var service = await ServerProcess.StartServiceAsync(folder, cancel, options.Postgres);
            using var target = new ServiceUnderLoad(service.Url, participant);
            await target.PrepareAsync(cancel);
            Console.WriteLine($".. starting {Sagas} sagas that stay under way");
            await ParkedSagas.StartAsync(target, Sagas, cancel);
            return await MeasureAsync(options, target, service.Url, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(
        LoadOptions options, ServiceUnderLoad target, Uri url, CancellationToken cancel)
    {
        Console.WriteLine($".. {options.Users} users without a batch");
        var before = await target.MeasureAsync(options, cancel);
        var memory = await MemoryAsync(target, cancel);
        using var client = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Add("X-Actor", "benchmarks");
        var meanwhile = target.MeasureAsync(options.AlreadyWarm(), cancel);
        var began = Stopwatch.GetTimestamp();
        var body = new { filter = new { definition = "parked" }, verb = "cancel" };
        using var answer = await client.PostAsJsonAsync("/batches", body, cancel);
        var accepted = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var batch = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        var id = batch.GetProperty("id").GetString();
        var most = memory;
        do
        {
            await Task.Delay(Look, TimeProvider.System, cancel);
            most = Math.Max(most, await MemoryAsync(target, cancel));
            batch = await client.GetFromJsonAsync<JsonElement>($"/batches/{id}", cancel);
        }
        while (batch.GetProperty("state").GetString() == "running");
        var took = Stopwatch.GetElapsedTime(began);
        var live = await meanwhile;
        var done = batch.GetProperty("accepted").GetInt64();
        Line($"build         {BuildOfThis.Configuration}");
        Line($"batch         {done} of {Sagas} cancelled in {took.TotalSeconds:0.0} s; accepted after {accepted:0} ms");
        Line($"memory        {memory / 1e6:0} MB before, at most {most / 1e6:0} MB meanwhile");
        Line($"before        {Words(before)}");
        Line($"meanwhile     {Words(live)}");
        Line($"others        {live.OtherProcessors:0.00} processors were busy with anything else meanwhile");
        return done == Sagas && before.Wrong.Count + live.Wrong.Count == 0 ? 0 : 1;
    }

    private static string Words(SagaFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.PerSecond:0} sagas/s, p50 {figures.P50Milliseconds:0.0} ms, p99 {figures.P99Milliseconds:0.0} ms, "
        + $"longest {figures.LongestMilliseconds:0.0} ms");

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static async Task<double> MemoryAsync(ServiceUnderLoad target, CancellationToken cancel) =>
        (await target.MetricsAsync(cancel)).Sum("orchestrator_process_resident_memory_bytes") ?? 0;
}
