using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>An open page, and everything its browser complained of or asked for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const string TellViolations =
        "document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective, e.blockedURI))";

    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<string> asked = new();

    private OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Request += (_, request) => asked.Enqueue($"{request.Method} {request.Url}");
    }

    internal IPage Page { get; }

    /// <summary>Errors and warnings of the console, exceptions, violations of the security policy.</summary>
    internal IEnumerable<string> Complaints => complaints;

    /// <summary>Method and address of every request.</summary>
    internal IEnumerable<string> Asked => asked;

    internal static async Task<OpenPage> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        // A busy machine is slow, not wrong.
        context.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        await context.AddInitScriptAsync(TellViolations);
        return new OpenPage(await context.NewPageAsync());
    }

    /// <summary>Goes to a page and waits until its data are there.</summary>
    internal async Task GoAsync(string place)
    {
        await Page.GotoAsync($"/#{place}");
        await SettledAsync();
    }

    /// <summary>Waits until nothing says any more that it is being read.</summary>
    internal async Task SettledAsync()
    {
        await Expect(Page.Locator("h1").First).ToBeVisibleAsync();
        await Expect(Page.GetByText("Reading ...")).ToHaveCountAsync(0);
        await Expect(Live).ToHaveTextAsync("live");
    }

    /// <summary>What the page says about its own data.</summary>
    internal ILocator Live => Page.Locator(".live");

    internal ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    internal ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    /// <summary>What can be done to the saga that is shown.</summary>
    internal ILocator Verbs => Page.GetByRole(AriaRole.Region, new() { Name = "What can be done now" });

    internal ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
