using Orchestrator.Benchmarks.Load;

namespace Orchestrator.Benchmarks.Pages;

/// <summary>The command <c>pages</c>.</summary>
internal static class PagesCommand
{
    public static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, MeasureAsync);

    private static async Task<int> MeasureAsync(LoadOptions options, CancellationToken cancel)
    {
        if (options is { Url: not null } or { Postgres: not null } or { Waiting: > 0 })
            throw new FormatException("pages has a service of its own; leave --url, --postgres and --waiting out.");
        var report = await new PagesRun(options, Console.Out).RunAsync(cancel);
        Console.Write(report.ToText());
        return report.IsGood ? 0 : 1;
    }
}
