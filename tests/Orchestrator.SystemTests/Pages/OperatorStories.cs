using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What an operator does on the pages.</summary>
[Collection(ThePages.Name)]
public sealed class OperatorStories(Chromium chromium, Scene scene)
{
    [Fact]
    public async Task A_stuck_saga_is_found_from_the_overview_understood_corrected_and_seen_to_complete()
    {
        var id = await scene.StuckAsync("repair-1");
        await using var open = await chromium.OpenAsync(scene);
        var page = open.Page;
        await open.GoAsync("/");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "A person should look" })).ToBeVisibleAsync();
        var waiting = page.Locator(".plain li", new() { HasText = "repair-1" });
        await Expect(waiting).ToContainTextAsync("There is no Bakr Street in London.");
        await Expect(waiting).ToContainTextAsync("For the customer: it counts as ordered");
        await Expect(waiting).ToContainTextAsync("Safe to do: Correct what delivery was sent");
        await waiting.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".situation")).ToContainTextAsync("delivery answered 409 refused");
        // A load would forget this.
        await page.EvaluateAsync("window.sameLoad = true");

        await page.Locator("button.primary").ClickAsync();
        await Expect(open.Dialog).ToContainTextAsync("First bars the old command of dispatch at delivery");
        await Expect(open.Dialog.Locator(".line")).ToContainTextAsync($"/sagas/{id}/steps/dispatch/resend");
        // What was sent stands there; what is wrong in it is typed anew.
        var data = open.Dialog.GetByLabel("Data");
        (await data.InputValueAsync()).Should().Contain(Scene.WrongAddress);
        await data.PressAsync("Control+a");
        await data.PressSequentiallyAsync($$"""{"address":"{{Scene.Address}}"}""");
        await open.Dialog.GetByLabel("Reason").FillAsync("the customer rang");
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Correct and resend" }).ClickAsync();

        await Expect(page.Locator(".chips").First).ToHaveTextAsync("completed");
        await Expect(page.Locator(".situation")).ToContainTextAsync("For the customer: done, and it stays done.");
        await Expect(page.Locator(".event.resend-requested")).ToContainTextAsync("by olga");
        await open.Button("ask them now").ClickAsync();
        var row = page.GetByRole(AriaRole.Row, new() { Name = "dispatch~2 delivery" });
        await row.GetByText("row", new() { Exact = true }).ClickAsync();
        await Expect(row).ToContainTextAsync(Scene.Address);
        (await page.EvaluateAsync<bool>("window.sameLoad")).Should().BeTrue("nothing was loaded anew");
        await scene.EndsAsync(id, "completed");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task By_keyboard_alone_a_verb_is_reached_left_with_Escape_and_done()
    {
        var id = await scene.PlaceAsync(
            "keyboard-1", trouble: Scene.Trouble("payment/do", 503, "The bank does not answer."));
        await scene.UntilAsync(id, true, saga => saga.GetProperty("steps")[2].GetProperty("attempts").GetInt32() > 1);
        await using var open = await chromium.OpenAsync(scene);
        var page = open.Page;
        await open.GoAsync("/sagas");

        await TabToAsync(page, "keyboard-1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(open.Button("Cancel")).ToBeVisibleAsync();
        await TabToAsync(page, "Cancel");
        await page.Keyboard.PressAsync("Enter");
        await Expect(open.Dialog).ToContainTextAsync("Undoes charge, reserve-stock, create-order, the newest first.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(open.Dialog).ToHaveCountAsync(0);
        // The focus returns to where the dialog was opened.
        await Expect(open.Button("Cancel")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Expect(open.Dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("the customer has gone");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("olga");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".chips").First).ToHaveTextAsync("compensated");
        await Expect(page.Locator(".event.cancel-requested")).ToContainTextAsync("the customer has gone");
        // The verb has taken its button away; what can be done now is where the button was.
        await Expect(open.Button("Cancel")).ToHaveCountAsync(0);
        await Expect(open.Verbs).ToBeFocusedAsync();
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refused_verb_says_why_and_what_is_allowed()
    {
        var id = await scene.StuckAsync("refused-1");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");

        await open.Button("Suspend").ClickAsync();
        await open.Dialog.GetByLabel("Reason").FillAsync("to look at it");
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        // Somebody else is quicker.
        await ResolveAsync(id);
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();

        await Expect(open.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(
            "has completed: nothing can change it. Allowed now: rerun, delete.");
    }

    [Fact]
    public async Task A_ledger_that_says_undone_of_what_was_confirmed_and_then_undone_is_no_difference()
    {
        var id = await scene.PlaceAsync(
            "undone-1", trouble: Scene.Trouble("payment/confirm", 410, "The hold on the card has expired.", "expired"));
        await scene.EndsAsync(id, "compensated");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");

        await open.Button("ask them now").ClickAsync();

        await Expect(open.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        var confirmed = open.Page.Locator(".event", new() { HasText = "create-order confirm · 200" });
        await Expect(confirmed).ToHaveCountAsync(1);
        await Expect(open.Page.Locator("tr.differs")).ToHaveCountAsync(0);
    }

    private async Task ResolveAsync(string id)
    {
        await scene.AskAsync($"/sagas/{id}/steps/dispatch/resolve", """{"as":"done","reason":"went by courier"}""");
        await scene.EndsAsync(id, "completed");
    }

    private static async Task TabToAsync(IPage page, string text)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(page) == text) return;
        }

        text.Should().Be(await FocusedAsync(page), "Tab should reach it");
    }

    private static Task<string> FocusedAsync(IPage page) =>
        page.EvaluateAsync<string>("document.activeElement.textContent.trim()");
}
