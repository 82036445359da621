using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Orchestrator.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>The pictures of the documentation. ORCHESTRATOR_IMAGES names the folder they are to be kept in.</summary>
[Collection(ThePages.Name)]
public sealed class PictureStories(Chromium chromium) : IAsyncLifetime
{
    private const int LargestBytes = 250_000;
    private const int Orders = 60;
    private const int FirstOrder = 4711;

    private readonly Scene scene = new();

    public Task InitializeAsync() => scene.InitializeAsync();

    public Task DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task The_pictures_of_the_documentation_can_be_taken_anew_and_are_small()
    {
        var (stuck, batch) = await FillAsync();
        using var temporary = new TempFolder();
        var folder = Environment.GetEnvironmentVariable("ORCHESTRATOR_IMAGES") is { Length: > 0 } asked
            ? Path.GetFullPath(asked, Repository.Folder)
            : temporary.Path;

        await TakeAsync(folder, "overview.png", "/", 1440, 1000, dark: false);
        await TakeAsync(folder, "saga.png", $"/sagas/{stuck}", 1440, 1000, dark: false);
        await TakeAsync(folder, "sagas-dark.png", "/sagas", 1440, 760, dark: true);
        await TakeAsync(folder, "overview-phone.png", "/", 390, 844, dark: true);
        await TakeAsync(folder, "saga-phone.png", $"/sagas/{stuck}", 390, 844, dark: false);
        await TakeAsync(folder, "verb.png", $"/sagas/{stuck}", 1440, 900, dark: true, "button.primary");
        await TakeAsync(folder, "batch.png", $"/batches/{batch}", 1440, 760, dark: false);

        Directory.GetFiles(folder, "*.png").Should().HaveCount(7)
            .And.OnlyContain(file => new FileInfo(file).Length < LargestBytes);
    }

    private async Task TakeAsync(
        string folder, string name, string place, int width, int height, bool dark, string? click = null)
    {
        await using var open = await chromium.OpenAsync(scene, width, height, dark);
        await open.GoAsync(place);
        var shown = open.Page.Locator(place == "/" ? ".plain .obstacle" : ".situation, .rows");
        await Expect(shown.First).ToBeVisibleAsync();
        if (click is not null) await open.Page.Locator(click).ClickAsync();
        await open.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name) });
    }

    /// <summary>
    /// An ordinary night with a few that went wrong; gives the one past the point of no return, and a batch.
    /// </summary>
    private async Task<(string Stuck, string Batch)> FillAsync()
    {
        List<string> waiting = [];
        for (var number = 0; number < Orders - 1; number++)
        {
            await scene.PlaceAsync(Key(number), trouble: number % 9 == 5
                ? Scene.Trouble("inventory/do", 409, "Only 1 piece of A1 is left.", "refused")
                : null);
        }

        var ended = await scene.PlaceAsync(Key(Orders - 1));
        var stuck = await scene.StuckAsync(Key(Orders));
        JsonObject doubt = Scene.Trouble("payment/confirm", 410, "The hold on the card has expired.", "expired");
        doubt["inventory/undo"] = Scene.Trouble("x", 503, "Warehouse closed for stocktaking.")["x"]!.DeepClone();
        var inDoubt = await scene.PlaceAsync(Key(Orders + 1), trouble: doubt);
        for (var number = Orders + 2; number < Orders + 5; number++)
            waiting.Add(await scene.PlaceAsync(
                Key(number), trouble: Scene.Trouble("payment/do", 503, "The bank does not answer.")));
        await scene.UntilAsync(inDoubt, true, saga => saga.GetProperty("stuck").GetBoolean());
        return (stuck, await scene.BatchAsync("retry", [stuck, inDoubt, ended, .. waiting]));
    }

    private static string Key(int number) => $"order-{FirstOrder + number}";
}
