using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>More time for a saga, by the page.</summary>
[Collection(ThePages.Name)]
public sealed class ExtendStories(Chromium chromium, Scene scene)
{
    [Fact]
    public async Task A_deadline_moves_once_the_do_under_way_is_answered_and_everybody_holds_on()
    {
        var id = await AtTheBankAsync("extend-1");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");
        await Expect(open.Page.Locator(".deadline-line")).ToContainTextAsync("deadline in 9 min");

        await AskForAsync(open, "1h");
        await Expect(open.Dialog).ToContainTextAsync("The participants are asked");
        await open.Page.Keyboard.PressAsync("Escape");

        // Whoever does not wait in the dialog sees it on the page. The button is gone meanwhile.
        await Expect(open.Page.Locator(".situation")).ToContainTextAsync(
            "is being asked for. Agreed: create-order, reserve-stock. Not yet: charge.");
        await Expect(open.Button("Extend")).ToHaveCountAsync(0);
        await Expect(open.Verbs).ToBeFocusedAsync();
        await Expect(open.Page.Locator(".countdown")).ToContainTextAsync("9 min");

        scene.Heal(id, "charge");

        await Expect(open.Page.Locator(".countdown")).ToContainTextAsync("59 min");
        await Expect(open.Page.Locator(".deadline-line")).ToContainTextAsync("deadline in 59 min");
        await Expect(open.Page.GetByText("is being asked for")).ToHaveCountAsync(0);
        await IsHeldUntilAsync(open, await ExpiryAsync(id));
        await open.GoAsync($"/audit?saga={id}");
        var entry = open.Page.GetByRole(AriaRole.Row, new() { Name = "extend" });
        await Expect(entry).ToContainTextAsync("olga");
        await Expect(entry).ToContainTextAsync("the bank opens at six");
        await Expect(entry.Locator(".change")).ToContainTextAsync("deadline asked for: ");
        await Expect(entry.Locator(".change")).Not.ToContainTextAsync("null");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_waits_in_the_dialog_is_told_the_new_deadline()
    {
        var id = await AtTheBankAsync("extend-2");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");

        await AskForAsync(open, "1h");
        await Expect(open.Page.Locator(".event.extend-requested")).ToHaveCountAsync(1);
        scene.Heal(id, "charge");

        await Expect(open.Dialog).ToContainTextAsync("create-order, reserve-stock, charge hold on until then");
        await Expect(open.Dialog).ToContainTextAsync($"The deadline is {Clock(await ExpiryAsync(id))} now");
        await open.Page.Keyboard.PressAsync("Escape");
        await Expect(open.Dialog).ToHaveCountAsync(0);
        await Expect(open.Verbs).ToBeFocusedAsync();
        open.Complaints.Should().BeEmpty();
    }

    /// <summary>A saga whose money waits for the bank; what comes after it has trouble of its own.</summary>
    private async Task<string> AtTheBankAsync(string key)
    {
        JsonObject trouble = Scene.Trouble("charge/do", 503, "The bank is closed.");
        trouble["loyalty-points/do"] = trouble["charge/do"]!.DeepClone();
        var id = await scene.PlaceAsync(key, trouble: trouble);
        await scene.UntilAsync(id, true, saga => saga.GetProperty("steps")[2].GetProperty("attempts").GetInt32() > 1);
        return id;
    }

    private static async Task AskForAsync(OpenPage open, string deadline)
    {
        await open.Button("Extend").ClickAsync();
        await Expect(open.Dialog).ToContainTextAsync(
            "The deadline moves only once the do of charge at payment has been answered too");
        await open.Dialog.GetByLabel("New deadline").FillAsync(deadline);
        await open.Dialog.GetByLabel("Reason").FillAsync("the bank opens at six");
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Extend" }).ClickAsync();
    }

    private static async Task IsHeldUntilAsync(OpenPage open, DateTimeOffset expiry)
    {
        await open.Button("ask them now").ClickAsync();
        foreach (var step in (string[])["create-order", "reserve-stock", "charge"])
        {
            await Expect(open.Page.GetByRole(AriaRole.Row, new() { Name = $"{step} " }))
                .ToContainTextAsync($"held until {Clock(expiry)}");
        }
    }

    private async Task<DateTimeOffset> ExpiryAsync(string id) =>
        (await scene.SagaAsync(id)).GetProperty("expiresAt").GetDateTimeOffset();

    // The pages of the tests are looked at in UTC; on another day they name it.
    private static string Clock(DateTimeOffset instant) => instant.ToString(
        instant.UtcDateTime.Date == TimeProvider.System.GetUtcNow().Date ? "HH:mm:ss" : "d MMM yyyy, HH:mm:ss",
        CultureInfo.InvariantCulture);
}
