using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What changes while somebody looks.</summary>
[Collection(ThePages.Name)]
public sealed class LiveStories(Chromium chromium, Scene scene)
{
    private const int Updates = 5;

    [Fact]
    public async Task A_change_is_on_the_page_within_a_second()
    {
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync("/sagas");
        List<double> milliseconds = [];
        for (var number = 0; number < Updates; number++)
        {
            var key = $"live-{number}";
            await open.Page.EvaluateAsync(
                """
                key => {
                  window.seenAt = new Promise(resolve => new MutationObserver((_, watcher) => {
                    if (!document.querySelector('.rows').textContent.includes(key)) return;
                    watcher.disconnect();
                    resolve(Date.now());
                  }).observe(document.body, { childList: true, subtree: true, characterData: true }));
                }
                """,
                key);
            var id = await scene.PlaceAsync(key);
            var changedAt = (await scene.SagaAsync(id)).GetProperty("startedAt").GetDateTimeOffset();
            var seenAt = await open.Page.EvaluateAsync<double>("window.seenAt");
            milliseconds.Add(seenAt - changedAt.ToUnixTimeMilliseconds());
        }

        // The middle one: on a machine that does other things too, a single one may have to wait for a processor.
        milliseconds.Order().ElementAt(Updates / 2).Should().BeLessThan(1000, string.Join(", ", milliseconds));
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_without_data_does_not_say_that_all_is_well()
    {
        await using var open = await chromium.OpenAsync(scene);
        await open.Page.RouteAsync("**/overview", route => route.AbortAsync());
        await open.Page.GotoAsync("/");

        await Expect(open.Page.GetByText("The overview could not be read")).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".verdict")).ToHaveCountAsync(0);
    }
}
