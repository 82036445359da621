using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Orchestrator.SystemTests.Pages;

/// <summary>
/// axe-core in a page, brought in once: the pages never load anew, and bringing in its half a megabyte costs more than
/// a look.
/// </summary>
internal sealed class Axe
{
    private readonly IPage page;

    private Axe(IPage page) => this.page = page;

    internal static async Task<Axe> InAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        return new Axe(page);
    }

    /// <summary>What it finds that is serious or critical, in words.</summary>
    internal async Task<IReadOnlyList<string>> SeriousAsync()
    {
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter(each => ['serious', 'critical'].includes(each.impact))
              .map(each => `${each.help}: ${each.nodes.map(node => node.html).join('; ')}`)
            """);
        return [.. found.EnumerateArray().Select(each => each.GetString()!)];
    }
}
