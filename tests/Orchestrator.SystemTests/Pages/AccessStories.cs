using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>The pages where tokens are asked for.</summary>
[Collection(ThePages.Name)]
public sealed class AccessStories(Chromium chromium, GuardedScene guarded) : IClassFixture<GuardedScene>
{
    private Scene Scene => guarded.Scene;

    [Fact]
    public async Task A_viewer_signs_in_and_reads_but_is_offered_nothing_and_a_token_shows_nowhere()
    {
        var id = await Scene.StuckAsync("guarded-1");
        await using var open = await chromium.OpenAsync(Scene);
        await open.Page.GotoAsync("/");

        await SignInAsync(open, "sk_wrong");
        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not accepted");
        await SignInAsync(open, guarded.Viewer);
        await Expect(open.Page.Locator(".who")).ToContainTextAsync("vera");
        await open.GoAsync($"/sagas/{id}");
        await Expect(open.Page.Locator(".situation")).ToContainTextAsync("There is no Bakr Street in London.");
        await Expect(open.Page.Locator(".verbs button")).ToHaveCountAsync(0);
        await open.GoAsync("/participants");
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "delivery" })).ToBeVisibleAsync();
        await Expect(open.Button("Change")).ToHaveCountAsync(0);
        (await DirectlyAsync(open, $"/sagas/{id}/suspend")).Should().Be(403);
        (await Scene.SagaAsync(id)).GetProperty("suspended").GetBoolean().Should().BeFalse();

        open.Asked.Should().NotContain(address => address.Contains(guarded.Viewer, StringComparison.Ordinal));
        foreach (var token in (string[])[guarded.Viewer, guarded.Admin])
            Scene.Words.Should().NotContain(line => line.Contains(token, StringComparison.Ordinal));
        Scene.Words.Should().Contain(
            line => line.Contains("/whoami", StringComparison.Ordinal), "it tells of every request at this level");
        (await open.Page.Context.CookiesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_may_act_is_recorded_by_the_name_of_the_token_and_signs_out_again()
    {
        var id = await Scene.StuckAsync("guarded-2");
        await using var open = await chromium.OpenAsync(Scene);
        await open.Page.GotoAsync($"/#/sagas/{id}");
        await SignInAsync(open, guarded.Admin);

        await open.Button("Suspend").ClickAsync();
        await open.Dialog.GetByLabel("Reason").FillAsync("to look at it");
        await Expect(open.Dialog.GetByLabel("Your name")).ToHaveCountAsync(0);
        await Expect(open.Dialog.Locator(".line")).ToContainTextAsync("Bearer $TOKEN");
        await open.Dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();
        await Expect(open.Page.Locator(".event.suspend-requested")).ToContainTextAsync("by ada");
        await open.Button("sign out").ClickAsync();

        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(open.Page.GetByText("Bakr")).ToHaveCountAsync(0);
        // That nothing is live is no trouble where nothing is shown.
        await Expect(open.Page.Locator(".trouble")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whose_token_is_for_one_definition_finds_its_sagas_and_acts_on_them()
    {
        var id = await Scene.PlaceAsync("narrow-1", definition: Scene.ShortDefinition);
        await Scene.EndsAsync(id, "completed");
        var other = await Scene.PlaceAsync("narrow-2");
        await using var open = await chromium.OpenAsync(Scene);
        var page = open.Page;
        await page.GotoAsync("/");
        await SignInAsync(open, guarded.Narrow);

        await Expect(page.Locator("main")).ToContainTextAsync("Your token is for the sagas of note-order alone");
        await Expect(open.Live).ToHaveTextAsync("every 5 s");
        await open.Link("note-order").ClickAsync();
        await Expect(page.GetByLabel("Definition")).ToHaveValueAsync("note-order");
        await open.Link("narrow-1").ClickAsync();
        await Expect(open.Button("Run again")).ToBeVisibleAsync();
        // Without a word of which, it is theirs.
        await open.Link("Sagas").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "narrow-1" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "narrow-2" })).ToHaveCountAsync(0);
        await open.Link("Audit").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "put-definition" })).ToHaveCountAsync(1);
        await page.GotoAsync($"/#/sagas/{other}");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("needs the role viewer@place-order");
    }

    private static async Task SignInAsync(OpenPage open, string token)
    {
        await open.Page.GetByLabel("Token").FillAsync(token);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    // What the page does not offer is not allowed either.
    private static Task<int> DirectlyAsync(OpenPage open, string path) => open.Page.EvaluateAsync<int>(
        """
        path => fetch(path, {
          method: 'POST',
          headers: { authorization: `Bearer ${sessionStorage.getItem('token')}`, 'content-type': 'application/json' },
          body: '{"reason":"because"}',
        }).then(answer => answer.status)
        """,
        path);
}
