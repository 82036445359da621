using System.Diagnostics;
using Microsoft.Playwright;

namespace Orchestrator.SystemTests.Pages;

/// <summary>
/// What a page itself costs: scripts, styles and layout, in time of its thread and not of the clock, for other tests
/// share the processors. Drawing is not in it: without a graphics card it takes what it takes.
/// </summary>
internal sealed class PageWork : IAsyncDisposable
{
    private static readonly string[] Parts = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"];

    private readonly ICDPSession session;
    private readonly long began = Stopwatch.GetTimestamp();
    private double before;

    private PageWork(ICDPSession session) => this.session = session;

    internal static async Task<PageWork> StartAsync(IPage page)
    {
        var work = new PageWork(await page.Context.NewCDPSessionAsync(page));
        await work.session.SendAsync("Performance.setTimeDomain", new() { ["timeDomain"] = "threadTicks" });
        await work.session.SendAsync("Performance.enable");
        work.before = await work.SecondsAsync();
        return work;
    }

    /// <summary>Which part of the time since the start the page was busy with itself.</summary>
    internal async Task<double> ShareAsync() =>
        (await SecondsAsync() - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;

    public async ValueTask DisposeAsync() => await session.DetachAsync();

    private async Task<double> SecondsAsync() =>
        (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .Where(metric => Parts.Contains(metric.GetProperty("name").GetString()))
            .Sum(metric => metric.GetProperty("value").GetDouble());
}
