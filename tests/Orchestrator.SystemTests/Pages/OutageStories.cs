using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What the pages say when they know nothing.</summary>
[Collection(ThePages.Name)]
public sealed class OutageStories(Chromium chromium) : IAsyncLifetime
{
    private readonly Scene scene = new();

    public Task InitializeAsync() => scene.InitializeAsync();

    public Task DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Without_the_service_nothing_looks_healthy_and_it_recovers_by_itself()
    {
        await scene.EndsAsync(await scene.PlaceAsync("before-1"), "completed");
        await using var open = await chromium.OpenAsync(scene);
        var page = open.Page;
        await open.GoAsync("/");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "All is well" })).ToBeVisibleAsync();

        await scene.StopAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nobody knows" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "All is well" })).ToHaveCountAsync(0);
        await Expect(open.Live).ToHaveTextAsync("cut off");
        await Expect(page.Locator(".trouble")).ToContainTextAsync("What you see is from");
        await page.GetByRole(AriaRole.Link, new() { Name = "Participants" }).First.ClickAsync();
        await Expect(page.GetByText("could not be read").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();

        await scene.StartAsync();

        await Expect(open.Live).ToHaveTextAsync("live");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "All is well" })).ToBeVisibleAsync();
        await Expect(page.Locator(".trouble")).ToHaveCountAsync(0);
    }
}
