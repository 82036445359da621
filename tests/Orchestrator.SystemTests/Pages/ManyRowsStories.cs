using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>As many rows as the list ever shows.</summary>
[Collection(ThePages.Name)]
public sealed class ManyRowsStories(Chromium chromium, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rows = 1000;

    private readonly Scene scene = new();

    public Task InitializeAsync() => scene.InitializeAsync();

    public Task DisposeAsync() => scene.DisposeAsync();

    // In milliseconds, on an idle machine: nobody feels a stop of the page below a fifth of a second while it scrolls,
    // a tick that is drawn within a tenth, a filter that answers within a second.
    private const double LongestWork = 200;
    private const double LongestTick = 100;
    private const double LongestFilter = 1000;

    [Fact]
    public async Task A_thousand_chosen_rows_scroll_tick_and_filter_without_jank_while_updates_arrive()
    {
        var trouble = Scene.Trouble("bank/do", 503, "The bank does not answer.");
        var oldest = await scene.PlaceAsync("oldest", trouble: trouble, definition: Scene.HeldDefinition);
        await Parallel.ForAsync(
            1, Rows,
            async (number, _) => await scene.PlaceAsync($"row-{number}", definition: Scene.ShortDefinition));
        await using var open = await chromium.OpenAsync(scene);
        await ShowAllAsync(open);
        await open.Button($"choose the {Rows:N0} shown").ClickAsync();
        await Expect(open.Page.Locator(".rows input:checked")).ToHaveCountAsync(Rows);
        var speed = await PageSpeed.OfAsync(open.Page);

        var (frames, longWork, share) = await ScrollAsync(open);
        var ticks = await open.Page.EvaluateAsync<double[]>(Tick);

        share.Should().BeLessThan(0.25, "most of the time is the browser's, to draw");
        Middle(frames).Should().BeLessThan(50, "in milliseconds, the time of a frame");
        // What is new does not push away the rows one chooses among.
        await Expect(open.Page.Locator(".rows input:checked")).ToHaveCountAsync(Rows);
        await Expect(open.Page.GetByText("meanwhile")).ToHaveCountAsync(0);
        // The last row lives too.
        await scene.AskAsync($"/sagas/{oldest}/cancel", """{"reason":"the customer has gone"}""");
        await Expect(open.Page.Locator(".rows tbody tr").Last).ToContainTextAsync("compensated");
        await open.Button("choose none").ClickAsync();
        await Expect(open.Page.Locator(".rows tbody tr").First).ToContainTextAsync("meanwhile");

        var filter = await open.Page.EvaluateAsync<double>(Narrow, Scene.HeldDefinition);
        var slowness = await speed.SlownessAsync();
        var measured = $"slower by {slowness:0.0}: stops of {Text(longWork)}, ticks {Text(ticks)}, filter {filter:0}";
        output.WriteLine(measured);
        longWork.Append(0).Max().Should().BeLessThan(LongestWork * slowness, measured);
        Middle(ticks).Should().BeLessThan(LongestTick * slowness, measured);
        filter.Should().BeLessThan(LongestFilter * slowness, measured);
        open.Complaints.Should().BeEmpty();
    }

    private static async Task ShowAllAsync(OpenPage open)
    {
        await open.GoAsync("/sagas");
        while (await open.Page.Locator(".rows tbody tr").CountAsync() is var shown && shown < Rows)
        {
            await open.Button("Show older sagas").ClickAsync();
            await Expect(open.Page.Locator(".rows tbody tr").Nth(shown)).ToBeAttachedAsync();
        }
    }

    /// <summary>Scrolls while sagas start; the time of each frame and long stop, and the share of the page.</summary>
    private async Task<(double[] Frames, double[] LongWork, double Share)> ScrollAsync(OpenPage open)
    {
        await open.Page.EvaluateAsync(WatchLongWork);
        await using var work = await PageWork.StartAsync(open.Page);
        var scrolling = open.Page.EvaluateAsync<double[]>(Scroll);
        for (var number = 0; !scrolling.IsCompleted; number++)
            await scene.PlaceAsync($"meanwhile-{number}", definition: Scene.ShortDefinition);
        var frames = await scrolling;
        var share = await work.ShareAsync();
        return (frames, await open.Page.EvaluateAsync<double[]>("window.longWork()"), share);
    }

    private static double Middle(double[] milliseconds) => milliseconds.Order().ElementAt(milliseconds.Length / 2);

    private static string Text(double[] milliseconds) =>
        milliseconds.Length == 0 ? "none" : string.Join(" ", milliseconds.Select(each => $"{each:0}"));

    private const string WatchLongWork =
        """
        () => {
          const seen = [];
          const take = entries => seen.push(...entries.map(entry => entry.duration));
          const watcher = new PerformanceObserver(list => take(list.getEntries()));
          watcher.observe({ type: 'longtask' });
          window.longWork = () => { take(watcher.takeRecords()); watcher.disconnect(); return seen; };
        }
        """;

    // From the press to the frame that shows the new count; an even number of times, so that all are chosen again.
    private const string Tick =
        """
        async () => {
          const took = [];
          const box = document.querySelectorAll('.rows input[type=checkbox]')[500];
          for (let i = 0; i < 6; i++) {
            const before = document.querySelector('.bulk').textContent;
            const began = performance.now();
            box.click();
            do await new Promise(requestAnimationFrame);
            while (document.querySelector('.bulk').textContent === before);
            took.push(performance.now() - began);
          }
          return took;
        }
        """;

    // From the choice of a definition to the frame that shows its only saga, the answer of the service included.
    private const string Narrow =
        """
        async definition => {
          const began = performance.now();
          const select = document.querySelector('select[aria-label=Definition]');
          select.value = definition;
          select.dispatchEvent(new Event('change', { bubbles: true }));
          do await new Promise(requestAnimationFrame);
          while (document.querySelectorAll('.rows tbody tr').length !== 1);
          return performance.now() - began;
        }
        """;

    private const string Scroll =
        """
        async () => {
          const frames = [];
          let before = performance.now();
          for (let i = 0; i < 120; i++) {
            const now = await new Promise(requestAnimationFrame);
            frames.push(now - before);
            before = now;
            window.scrollBy(0, i < 60 ? 400 : -400);
          }
          return frames;
        }
        """;
}
