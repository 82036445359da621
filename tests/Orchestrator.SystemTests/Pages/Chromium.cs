using Microsoft.Playwright;

namespace Orchestrator.SystemTests.Pages;

/// <summary>One headless Chromium, the system's own: nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program(), Headless = true });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Opens the pages of a service in a context of their own.</summary>
    internal Task<OpenPage> OpenAsync(Scene scene, int width = 1440, int height = 900, bool dark = false) =>
        OpenPage.OpenAsync(
            browser!,
            new BrowserNewContextOptions
            {
                BaseURL = scene.Service.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                Locale = "en-GB",
                TimezoneId = "UTC",
            });

    private static string Program()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"The tests of the pages need a browser, one of {string.Join(", ", Names)}: apt-get install chromium.");
    }
}

/// <summary>One browser for all tests of the pages; they come one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ThePages : ICollectionFixture<Chromium>, ICollectionFixture<Scene>
{
    internal const string Name = "The pages";
}
