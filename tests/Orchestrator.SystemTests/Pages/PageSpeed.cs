using Microsoft.Playwright;

namespace Orchestrator.SystemTests.Pages;

/// <summary>
/// How slow a browser is just now. Times on a clock mean nothing where other tests share two processors: what takes
/// 50 ms alone takes 300 ms beside a database that starts. So the same fixed piece of work, drawing a plain table of a
/// thousand rows, is measured before and after, and a bound is stretched by as much as that was slower than on the idle
/// machine the bounds were found on. It is never made tighter.
/// </summary>
internal sealed class PageSpeed(IPage page)
{
    /// <summary>What the piece of work takes on an idle machine of two processors, in milliseconds.</summary>
    private const double AloneMilliseconds = 40;

    private readonly List<double> samples = [];

    internal static async Task<PageSpeed> OfAsync(IPage page)
    {
        var speed = new PageSpeed(page);
        await speed.MeasureAsync();
        return speed;
    }

    /// <summary>Measures again, and gives how often slower than alone it is: 1 and more.</summary>
    internal async Task<double> SlownessAsync()
    {
        await MeasureAsync();
        return Math.Max(1, samples.Max() / AloneMilliseconds);
    }

    private async Task MeasureAsync() => samples.AddRange(await page.EvaluateAsync<double[]>(
        """
        async () => {
          const took = [];
          for (let i = 0; i < 5; i++) {
            await new Promise(requestAnimationFrame);
            const began = performance.now();
            const table = document.createElement('table');
            const rest = '<td><b>doing</b></td><td>no answer within the timeout</td></tr>';
            table.innerHTML = Array.from({ length: 1000 }, (_, row) => `<tr><td>row ${row}</td>${rest}`).join('');
            document.body.append(table);
            table.getBoundingClientRect();
            table.remove();
            took.push(performance.now() - began);
          }
          return took;
        }
        """));
}
