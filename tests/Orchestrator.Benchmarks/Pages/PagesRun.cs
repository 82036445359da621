using System.Diagnostics;
using Orchestrator.Benchmarks.Lists;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Pages;

/// <summary>
/// A service with many sagas: what its pages' questions take, and what open pages cost the sagas, measured in turn
/// without and with them on the same service.
/// </summary>
internal sealed class PagesRun(LoadOptions options, TextWriter progress)
{
    private const int Finished = 100_000;
    private const int Live = 5_000;
    private const int Questions = 200;

    private static readonly string[] Paths =
    [
        "/overview", "/sagas?limit=100", "/sagas?limit=500", "/sagas?stuck=true&limit=5", "/sagas?overdue=true",
        "/sagas?phase=compensated", "/sagas?definition=definition-3", "/sagas?tag.vip=yes",
    ];

    public async Task<PagesReport> RunAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            Say($"filling a store with {Finished} finished sagas");
            await using (await FilledStore.FillAsync(folder, Finished, 0, cancel))
            {
                // The service opens it next.
            }

            await using var participant = await ServerProcess.StartParticipantAsync(cancel);
            await using var service = await ServerProcess.StartServiceAsync(folder, cancel);
            using var target = new ServiceUnderLoad(service.Url, participant);
            await target.PrepareAsync(cancel);
            Say($"starting {Live} sagas that stay under way");
            await ParkedSagas.StartAsync(target, Live, cancel);
            return await MeasureAsync(service, target, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(options.DataFolder).Any()) Directory.Delete(options.DataFolder);
        }
    }

    private async Task<PagesReport> MeasureAsync(
        ServerProcess service, ServiceUnderLoad target, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = service.Url, Timeout = Timeout.InfiniteTimeSpan };
        Say("asking while nothing else happens");
        List<AnswerFigures> idle = [];
        foreach (var path in Paths) idle.Add(AnswerFigures.Of(path, await AskAsync(client, path, cancel)));
        Say($"{options.Users} users until everything is compiled");
        await target.MeasureAsync(options with { Measured = TimeSpan.FromSeconds(1) }, cancel);
        List<SagaFigures> without = [], with = [];
        List<(string Path, double Milliseconds)> asked = [];
        for (var round = 1; round <= options.Rounds; round++)
        {
            // Whoever comes second finds a fuller store, so the two take turns at it.
            var withFirst = round % 2 == 0;
            if (!withFirst) without.Add(await target.MeasureAsync(options.AlreadyWarm(), cancel));
            with.Add(await WithDashboardsAsync(client, target, asked, cancel));
            if (withFirst) without.Add(await target.MeasureAsync(options.AlreadyWarm(), cancel));
            Say($"round {round}: {without[^1].PerSecond:0} sagas/s without, {with[^1].PerSecond:0} with");
        }

        return new PagesReport(
            idle, [.. asked.GroupBy(answer => answer.Path).Select(
                group => AnswerFigures.Of(group.Key, [.. group.Select(answer => answer.Milliseconds)]))],
            without, with);
    }

    private async Task<SagaFigures> WithDashboardsAsync(
        HttpClient client, ServiceUnderLoad target, List<(string, double)> asked, CancellationToken cancel)
    {
        using var close = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        OpenDashboard[] dashboards =
        [
            new(client, OpenDashboard.Overview), new(client, OpenDashboard.Overview), new(client, OpenDashboard.List),
        ];
        var open = Task.WhenAll(dashboards.Select(dashboard => dashboard.RunAsync(close.Token)));
        var figures = await target.MeasureAsync(options.AlreadyWarm(), cancel);
        await close.CancelAsync();
        await open;
        asked.AddRange(dashboards.SelectMany(dashboard => dashboard.Answers));
        return figures;
    }

    private static async Task<double[]> AskAsync(HttpClient client, string path, CancellationToken cancel)
    {
        var milliseconds = new double[Questions];
        for (var question = 0; question < Questions; question++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(path, cancel);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(cancel);
            milliseconds[question] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            // Slow enough for the overview to be made anew now and then.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }

        return milliseconds;
    }

    private void Say(string text) => progress.WriteLine($".. {text}");
}
