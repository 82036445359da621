using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What is so of every page and every dialog, whatever it shows.</summary>
[Collection(ThePages.Name)]
public sealed class EveryPageStories(Chromium chromium, Scene scene)
{
    private static readonly int[] Widths = [1440, 390];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>A page that is looked at: where it is, and what is opened on it first.</summary>
    private sealed record Look(string Place, Func<OpenPage, Task>? Open = null);

    // What is opened stays open while the window and the colours change: each is judged in every one of its looks.
    [Fact]
    public async Task Every_page_is_readable_for_everybody_fits_its_window_and_nobody_complains()
    {
        var ended = await scene.PlaceAsync("ended-1");
        await scene.EndsAsync(ended, "completed");
        var stuck = await scene.StuckAsync("stuck-1");
        var batch = await scene.BatchAsync("retry", stuck, ended);
        await using var open = await chromium.OpenAsync(scene);
        var axe = await Axe.InAsync(open.Page);
        foreach (var (place, opening) in Looks(stuck, ended, batch))
        {
            await open.Page.SetViewportSizeAsync(Widths[0], 900);
            await open.GoAsync(place);
            if (opening is not null) await opening(open);
            var where = $"{place}{(opening is null ? "" : ", opened,")}";
            await BeginsWithItsHeadingAsync(open, where);
            foreach (var width in Widths)
            {
                await open.Page.SetViewportSizeAsync(width, 900);
                (await open.Page.EvaluateAsync<int>(Widest))
                    .Should().BeLessThanOrEqualTo(width, $"{where} does not scroll sideways");
                foreach (var scheme in Schemes)
                {
                    // Without motion: a colour that is on its way is no colour to judge.
                    await open.Page.EmulateMediaAsync(
                        new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                    (await axe.SeriousAsync()).Should().BeEmpty($"of {where} at {width} px, {scheme}");
                }
            }

            if (!await open.Dialog.IsVisibleAsync()) continue;
            await open.Page.Keyboard.PressAsync("Escape");
            await Expect(open.Dialog).ToHaveCountAsync(0);
        }

        open.Complaints.Should().BeEmpty();
    }

    private static Look[] Looks(string stuck, string ended, string batch) =>
    [
        new("/"), new("/sagas?stuck=true"), new($"/sagas/{stuck}", AskThemAsync), new($"/sagas/{ended}"),
        new("/participants"), new("/definitions"), new($"/definitions/{Scene.Definition}", CompareAsync),
        new("/batches"), new($"/batches/{batch}", ResultsAsync), new("/alerts"),
        new("/audit?actor=pete"), new("/sagas?key=nobody"),
        new($"/sagas/{stuck}", open => DialogAsync(open, open.Page.Locator("button.primary"))),
        new("/participants", open => DialogAsync(open, open.Button("Change").First)),
        new("/sagas?stuck=true", ActOnManyAsync),
        new($"/sagas/{stuck}", open => DialogAsync(open, open.Button("Resolve as done"))),
        new("/participants", open => DialogAsync(open, open.Button("Retry everything that waits"))),
    ];

    private static async Task ResultsAsync(OpenPage open)
    {
        await open.Button("1 refused").ClickAsync();
        var row = open.Page.Locator("tbody tr");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("ended-1");
        await Expect(row.Locator(".result-refused")).ToBeVisibleAsync();
    }

    private static async Task AskThemAsync(OpenPage open)
    {
        await open.Button("ask them now").ClickAsync();
        await Expect(open.Button("ask again")).ToBeVisibleAsync();
    }

    private static async Task CompareAsync(OpenPage open)
    {
        await open.Button("what differs").First.ClickAsync();
        await Expect(open.Page.Locator(".diff .new").First).ToBeVisibleAsync();
    }

    private static async Task ActOnManyAsync(OpenPage open)
    {
        await open.Button("choose the").ClickAsync();
        await DialogAsync(open, open.Button("Act on them"));
        await Expect(open.Dialog.Locator(".preview li").First).ToBeVisibleAsync();
    }

    private static async Task DialogAsync(OpenPage open, ILocator button)
    {
        await button.ClickAsync();
        await Expect(open.Dialog.Locator(".line")).ToContainTextAsync("curl -X");
    }

    // The library once placed what came later before what was there.
    private static async Task BeginsWithItsHeadingAsync(OpenPage open, string where) =>
        (await open.Page.EvaluateAsync<string>("document.querySelector('main').firstElementChild.className || 'h1'"))
            .Should().BeOneOf(["h1", "with-chips", "back"], $"{where} begins with its heading");

    // An open dialog is a page of its own.
    private const string Widest =
        """
        Math.max(document.documentElement.scrollWidth,
          ...[...document.querySelectorAll('dialog[open], dialog[open] *')]
            .map(each => Math.ceil(each.getBoundingClientRect().right)))
        """;
}
