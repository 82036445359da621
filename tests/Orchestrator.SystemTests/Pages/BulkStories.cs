using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Orchestrator.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>One verb on many sagas, by the page.</summary>
[Collection(ThePages.Name)]
public sealed class BulkStories(Chromium chromium, Scene scene)
{
    private const int Many = 500;

    [Fact]
    public async Task Five_hundred_sagas_are_found_counted_cancelled_and_seen_to_be_compensated()
    {
        var trouble = Scene.Trouble("bank/do", 503, "The bank does not answer.");
        await Parallel.ForAsync(
            0, Many,
            async (number, _) => await scene.PlaceAsync(
                $"bulk-{number}", trouble: trouble.DeepClone().AsObject(), definition: Scene.HeldDefinition));
        await using var open = await chromium.OpenAsync(scene);
        var page = open.Page;
        await open.GoAsync("/sagas");
        await page.GetByLabel("Definition").SelectOptionAsync(Scene.HeldDefinition);
        await page.GetByLabel("Phase").SelectOptionAsync("doing");
        await open.Button("act on all that match").ClickAsync();

        await open.Dialog.GetByLabel("Cancel").CheckAsync();
        await Expect(open.Dialog.Locator(".preview")).ToContainTextAsync($"Of {Many} sagas:");
        await Expect(open.Dialog.Locator(".preview")).ToContainTextAsync("undo 2 steps each");
        await Expect(open.Dialog.Locator(".line")).ToContainTextAsync("\"verb\":\"cancel\"");
        await open.Dialog.GetByLabel("Reason").FillAsync("the supplier has closed");
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = $"Cancel {Many} sagas" }).ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync($"cancel {Many} sagas");
        await Expect(page.Locator(".batch-done")).ToBeVisibleAsync();
        await Expect(page.Locator(".situation")).ToContainTextAsync($"{Many} of {Many}");
        await Expect(page.Locator(".sums")).ToHaveTextAsync($"{Many} accepted");
        var first = page.Locator("table[role=table] tbody tr").First;
        await Expect(first).ToContainTextAsync("bulk-");
        await Expect(first).ToContainTextAsync(Scene.HeldDefinition);
        // What became of it goes on being shown after the batch has ended.
        await Expect(first).ToContainTextAsync("compensated");
        await open.GoAsync($"/sagas?definition={Scene.HeldDefinition}&phase=doing");
        await Expect(page.GetByText("No saga matches.")).ToBeVisibleAsync();
        await Eventually.BecomesAsync(Many, OpenShop.Patience, CompensatedAsync);
        await open.GoAsync($"/audit?actor=olga&verb=cancel");
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("the supplier has closed");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_ticked_row_is_chosen_and_no_other()
    {
        string[] keys = ["pick-1", "pick-2", "pick-3"];
        foreach (var key in keys) await scene.EndsAsync(await scene.PlaceAsync(key), "completed");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync("/sagas?phase=completed");

        foreach (var key in keys) await open.Page.GetByLabel($"Choose {key}").CheckAsync();
        await Expect(open.Page.Locator(".bulk")).ToContainTextAsync("3 sagas chosen");
        await open.Page.GetByLabel("Choose pick-2").UncheckAsync();
        await Expect(open.Page.Locator(".bulk")).ToContainTextAsync("2 sagas chosen");
        await open.Button("Act on them").ClickAsync();
        await open.Dialog.GetByLabel("Delete").CheckAsync();

        await Expect(open.Dialog.Locator(".preview")).ToContainTextAsync("Of 2 sagas:");
        await Expect(open.Dialog.Locator("button[type=submit]")).ToHaveTextAsync("Delete 2 sagas");
    }

    private async Task<int> CompensatedAsync()
    {
        var counts = await scene.Http.GetFromJsonAsync<JsonElement>("/sagas/counts");
        return counts.GetProperty("items").EnumerateArray()
            .Where(line => line.GetProperty("definition").GetString() == Scene.HeldDefinition
                && line.GetProperty("phase").GetString() == "compensated")
            .Sum(line => line.GetProperty("count").GetInt32());
    }
}
