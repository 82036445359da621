using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>A batch that runs, and is stopped by the page.</summary>
[Collection(ThePages.Name)]
public sealed class BatchStories(Chromium chromium, Scene scene)
{
    private const string Definition = "park-order";
    private const int Many = 500;

    // While more calls wait for a place than a batch should be ahead of, it goes slowly: time enough to stop it.
    [Fact]
    public async Task A_batch_that_runs_is_stopped_and_says_which_sagas_it_left_alone()
    {
        await scene.StoreAsync(
            Definition,
            $$"""
            name: {{Definition}}
            deadline: 10m
            participants: { parking: { url: "{{scene.Shop("parking")}}" } }
            steps: [{ name: park, participant: parking, kind: retriable, input: { order: $.input.order } }]
            """);
        await scene.PutAsync("/participants/parking", """{"paused":true}""");
        await Parallel.ForAsync(
            0, Many, async (number, _) => await scene.PlaceAsync($"park-{number}", definition: Definition));
        await using var open = await chromium.OpenAsync(scene);
        var wish = new { filter = new { definition = Definition }, verb = "suspend", args = new { reason = "a test" } };
        var batch = await scene.AskAsync("/batches", JsonSerializer.Serialize(wish));
        await open.GoAsync($"/batches/{batch.GetProperty("id").GetString()}");
        await Expect(open.Page.Locator(".batch-running")).ToBeVisibleAsync();

        await open.Button("Stop it").ClickAsync();
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Stop it" }).ClickAsync();

        await Expect(open.Page.Locator(".batch-stopped")).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".situation")).ToContainTextAsync("left alone");
        await Expect(open.Button("Stop it")).ToHaveCountAsync(0);
        await Expect(open.Page.GetByRole(AriaRole.Region, new() { Name = "How far it is" })).ToBeFocusedAsync();
        var first = open.Page.Locator("tbody tr").First;
        await Expect(first).ToContainTextAsync("park-");
        await Expect(first).ToContainTextAsync("suspended");
        open.Complaints.Should().BeEmpty();

        await scene.PutAsync("/participants/parking", """{"paused":false}""");
        await scene.AskAsync("/batches", JsonSerializer.Serialize(wish with { verb = "resume" }));
    }

    [Fact]
    public async Task Batches_beyond_the_first_fifty_are_shown_when_they_are_asked_for()
    {
        var id = await scene.PlaceAsync("many-batches", definition: Scene.ShortDefinition);
        await scene.EndsAsync(id, "completed");
        await Parallel.ForAsync(0, 51, async (_, _) => await scene.BatchAsync("retry", id));
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync("/batches");
        await Expect(open.Page.Locator("tbody tr")).ToHaveCountAsync(50);

        await open.Button("Show older batches").ClickAsync();

        await Expect(open.Page.Locator("tbody tr").Nth(50)).ToBeVisibleAsync();
        open.Complaints.Should().BeEmpty();
    }
}
