using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>What goes wrong in an operator's hands, and what is hard to see at a bad moment.</summary>
[Collection(ThePages.Name)]
public sealed class SlipStories(Chromium chromium, Scene scene)
{
    [Fact]
    public async Task A_name_no_header_can_carry_is_refused_in_words_where_it_is_typed()
    {
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync("/alerts");
        var name = open.Page.GetByLabel("Your name");

        await name.FillAsync("Ольга");
        await open.Button("Send a test alert").ClickAsync();

        await Expect(open.Page.GetByText("A name is recorded as it is sent")).ToBeVisibleAsync();
        await Expect(name).ToBeFocusedAsync();
        open.Asked.Should().NotContain(address => address.StartsWith("POST", StringComparison.Ordinal));
        // It was kept; the next page must not stumble over it either.
        await open.Page.ReloadAsync();
        await open.SettledAsync();
        await Expect(open.Page.GetByText("A name is recorded as it is sent")).ToBeVisibleAsync();
        await name.FillAsync("olga");
        await open.Button("Send a test alert").ClickAsync();
        await Expect(open.Page.GetByText("night-watch: delivered")).ToBeVisibleAsync();
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task An_address_no_link_of_ours_says_is_a_page_that_says_so()
    {
        await using var open = await chromium.OpenAsync(scene);

        await open.GoAsync("/sagas/%zz");
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing here" })).ToBeVisibleAsync();
        await open.GoAsync("/sagas?from=yesterday");

        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not an RFC 3339 instant");
        open.Complaints.Should().OnlyContain(text => text.Contains("422", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_confirms_are_under_way_the_page_names_who_owes_one_and_blanks_are_no_reason()
    {
        var id = await scene.PlaceAsync("confirming-1", trouble: Scene.Trouble("charge/confirm", 503, "Closed."));
        await scene.UntilAsync(
            id, "answered 503: Closed.", saga => Step(saga, "charge").GetProperty("lastError").GetString());
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");

        await Expect(open.Page.Locator(".situation .lead")).ToContainTextAsync("Waiting for charge at payment.");
        await Expect(open.Page.Locator(".obstacle")).ToHaveTextAsync("payment answered 503: Closed.");
        await open.Button("Retry now").ClickAsync();
        await Expect(open.Dialog).ToContainTextAsync("confirm of charge to payment");
        await open.Page.Keyboard.PressAsync("Escape");
        await open.Button("Cancel").ClickAsync();
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        await open.Dialog.GetByLabel("Reason").FillAsync("  ");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the saga" }).ClickAsync();
        await Expect(open.Dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await open.Dialog.GetByLabel("Reason").FillAsync("the customer has gone");
        await open.Page.Keyboard.PressAsync("Enter");

        await scene.EndsAsync(id, "compensated");
        open.Asked.Count(address => address.EndsWith("/cancel", StringComparison.Ordinal)).Should().Be(1);
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_saga_says_that_the_participant_it_waits_for_is_paused()
    {
        await scene.PutAsync("/participants/bank", """{"paused":true}""");
        try
        {
            var id = await scene.PlaceAsync("paused-1", definition: Scene.HeldDefinition);
            await scene.UntilAsync(id, "calling", saga => Step(saga, "charge").GetProperty("state").GetString());
            await using var open = await chromium.OpenAsync(scene);
            await open.GoAsync($"/sagas/{id}");

            await Expect(open.Page.Locator(".situation")).ToContainTextAsync("bank is paused");
            await Expect(open.Verbs).ToContainTextAsync("Let bank go on, when whoever paused it agrees");
        }
        finally
        {
            await scene.PutAsync("/participants/bank", """{"paused":false}""");
        }
    }

    [Fact]
    public async Task A_word_half_typed_stays_while_the_list_changes_and_fields_follow_the_way_back()
    {
        await using var open = await chromium.OpenAsync(scene);
        var page = open.Page;
        await open.GoAsync("/sagas");
        var word = page.GetByRole(AriaRole.Searchbox);
        await word.PressSequentiallyAsync("half-");
        await scene.PlaceAsync("half-1");
        await Expect(page.Locator("tbody tr", new() { HasText = "half-1" })).ToBeVisibleAsync();
        await Expect(word).ToHaveValueAsync("half-");
        await word.PressSequentiallyAsync("1");
        await word.PressAsync("Enter");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Expect(word).ToHaveValueAsync("");

        await open.GoAsync("/audit");
        await page.GetByLabel("Actor").FillAsync("nobody-of-this-name");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Nothing matches.")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Actor")).ToHaveValueAsync("");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_line_is_copied_also_where_the_browser_gives_no_clipboard()
    {
        await using var open = await chromium.OpenAsync(scene);
        // As on a page that came over plain http from another machine.
        await open.Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        await open.GoAsync("/alerts");

        await open.Button("copy").ClickAsync();

        await Expect(open.Button("copied")).ToBeFocusedAsync();
        await open.Page.GetByLabel("Your name").FillAsync("");
        await open.Page.GetByLabel("Your name").PressAsync("Control+v");
        (await open.Page.GetByLabel("Your name").InputValueAsync()).Should().StartWith("curl -X POST");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_has_deleted_offers_nothing_any_more()
    {
        var id = await scene.PlaceAsync("deleted-1");
        await scene.EndsAsync(id, "completed");
        await using var open = await chromium.OpenAsync(scene);
        await open.GoAsync($"/sagas/{id}");
        await open.Button("Delete").ClickAsync();
        await open.Dialog.GetByLabel("Your name").FillAsync("olga");
        // Just before, so that the page cannot have heard of it.
        await open.Page.RouteAsync($"**/sagas/{id}", async route =>
        {
            if (route.Request.Method == "DELETE")
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, $"/sagas/{id}");
                request.Headers.Add("X-Actor", "pete");
                (await scene.Http.SendAsync(request)).EnsureSuccessStatusCode();
            }

            await route.ContinueAsync();
        });

        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();

        await Expect(open.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync(
            "There is no saga of this id. It never was, was deleted");
        await Expect(open.Verbs).ToHaveCountAsync(0);
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "deleted-1" })).ToBeVisibleAsync();
    }

    private static JsonElement Step(JsonElement saga, string name) =>
        saga.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("name").GetString() == name);
}
