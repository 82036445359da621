using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>As many rows as the list ever shows.</summary>
[Collection(ThePages.Name)]
public sealed class ManyRowsStories(Chromium chromium) : IAsyncLifetime
{
    private const int Rows = 1000;

    private readonly Scene scene = new();

    public Task InitializeAsync() => scene.InitializeAsync();

    public Task DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task A_thousand_chosen_rows_scroll_without_jank_while_updates_arrive()
    {
        var trouble = Scene.Trouble("bank/do", 503, "The bank does not answer.");
        var oldest = await scene.PlaceAsync("oldest", trouble: trouble, definition: Scene.HeldDefinition);
        await Parallel.ForAsync(
            1, Rows,
            async (number, _) => await scene.PlaceAsync($"row-{number}", definition: Scene.ShortDefinition));
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync("/sagas");
        while (await open.Page.Locator(".rows tbody tr").CountAsync() is var shown && shown < Rows)
        {
            await open.Button("Show older sagas").ClickAsync();
            await Expect(open.Page.Locator(".rows tbody tr").Nth(shown)).ToBeAttachedAsync();
        }

        await open.Button($"choose the {Rows:N0} shown").ClickAsync();
        await Expect(open.Page.Locator(".rows input:checked")).ToHaveCountAsync(Rows);
        await using var work = await PageWork.StartAsync(open.Page);
        var scrolling = open.Page.EvaluateAsync<double[]>(Scroll);
        for (var number = 0; !scrolling.IsCompleted; number++)
            await scene.PlaceAsync($"meanwhile-{number}", definition: Scene.ShortDefinition);
        var frames = await scrolling;

        (await work.ShareAsync()).Should().BeLessThan(0.25, "most of the time is the browser's, to draw");
        frames.Order().ElementAt(frames.Length / 2).Should().BeLessThan(50, "in milliseconds, the time of a frame");
        // What is new does not push away the rows one chooses among.
        await Expect(open.Page.Locator(".rows input:checked")).ToHaveCountAsync(Rows);
        await Expect(open.Page.GetByText("meanwhile")).ToHaveCountAsync(0);
        // The last row lives too.
        await scene.AskAsync($"/sagas/{oldest}/cancel", """{"reason":"the customer has gone"}""");
        await Expect(open.Page.Locator(".rows tbody tr").Last).ToContainTextAsync("compensated");
        await open.Button("choose none").ClickAsync();
        await Expect(open.Page.Locator(".rows tbody tr").First).ToContainTextAsync("meanwhile");
        open.Complaints.Should().BeEmpty();
    }

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
