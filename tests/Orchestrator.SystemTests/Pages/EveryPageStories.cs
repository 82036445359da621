using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What is so of every page, whatever it shows.</summary>
[Collection(ThePages.Name)]
public sealed class EveryPageStories(Chromium chromium, Scene scene)
{
    private static readonly int[] Widths = [1440, 390];

    [Theory]
    [InlineData(1440, false)]
    [InlineData(390, true)]
    public async Task Every_page_is_readable_for_everybody_fits_its_window_and_nobody_complains(int width, bool dark)
    {
        var stuck = await scene.StuckAsync($"every-{width}-{dark}");
        await using var open = await chromium.OpenAsync(scene, width, dark: dark);
        foreach (var place in Places(stuck))
        {
            await open.Page.SetViewportSizeAsync(width, 900);
            await open.GoAsync(place);
            await IsSoundAsync(open, $"{place} at {width} px{(dark ? ", dark" : "")}");
        }

        await open.GoAsync($"/sagas/{stuck}");
        await open.Button("ask them now").ClickAsync();
        await Expect(open.Button("ask again")).ToBeVisibleAsync();
        await open.Page.Locator("button.primary").ClickAsync();
        await Expect(open.Dialog).ToBeVisibleAsync();
        await IsSoundAsync(open, $"the dialog at {width} px{(dark ? ", dark" : "")}");
        open.Complaints.Should().BeEmpty();
    }

    private static string[] Places(string stuck) =>
    [
        "/", "/sagas", $"/sagas/{stuck}", "/participants", "/definitions",
        $"/definitions/{Scene.Definition}", "/nowhere",
    ];

    private static async Task IsSoundAsync(OpenPage open, string where)
    {
        var found = (await open.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] })).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}");
        found.Should().BeEmpty($"of {where}");
        // The library once placed what came later before what was there.
        (await open.Page.EvaluateAsync<string>("document.querySelector('main').firstElementChild.className || 'h1'"))
            .Should().BeOneOf(["h1", "with-chips", "back"], $"{where} begins with its heading");
        foreach (var width in Widths)
        {
            await open.Page.SetViewportSizeAsync(width, 900);
            (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
                .Should().BeLessThanOrEqualTo(width, $"{where} does not scroll sideways");
        }
    }
}
