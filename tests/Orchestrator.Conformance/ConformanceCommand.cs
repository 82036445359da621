using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Checks;
using Orchestrator.Conformance.Reporting;
using Orchestrator.Conformance.Wire;

namespace Orchestrator.Conformance;

/// <summary>The command: reads the options, plays the checks, reports.</summary>
internal static class ConformanceCommand
{
    /// <summary>
    /// 0: all kept; 1: something broken; 2: wrong arguments, or nobody answers; 3: nothing broken, and something could
    /// not be told.
    /// </summary>
    internal static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        if (arguments is [] or ["help" or "--help" or "-h", ..])
        {
            await output.WriteLineAsync(Usage.Text);
            return arguments.Count == 0 ? 2 : 0;
        }

        try
        {
            var isList = arguments.Contains("--list", StringComparer.Ordinal);
            var options = OptionReader.Read([.. arguments.Where(argument => argument != "--list")]);
            var checks = Suite.Of(options);
            if (!isList) return await RunAsync(options, checks, output, cancel);
            foreach (var check in checks) await output.WriteLineAsync($"{check.Id,-30} {check.Title}");
            return 0;
        }
        catch (OptionException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            await errors.WriteLineAsync("--help tells more.");
            return 2;
        }
    }

    /// <summary>Plays the checks of these options; gives the whole run.</summary>
    /// <param name="options">What to check.</param>
    /// <param name="checks">The checks.</param>
    /// <param name="tell">Hears of each as it is over.</param>
    /// <param name="restart">Kills the participant and starts it again; null for the command of the options.</param>
    /// <param name="cancel">Ends the run early.</param>
    internal static async Task<KitSummary> PlayAsync(
        KitOptions options, IReadOnlyList<Check> checks, Action<Played> tell, Func<CancellationToken, Task>? restart,
        CancellationToken cancel)
    {
        using var client = new ParticipantClient(options, TimeProvider.System);
        restart ??= token => ShellRestart.RunAsync(options.Restart!, token);
        var run = new KitRun(options, client, TimeProvider.System, restart);
        await ReachAsync(options, run, cancel);
        var player = new Player(run, tell);
        await player.PlayAsync(checks, cancel);
        return new KitSummary(player.Played, run.Advice, options.IsStrict);
    }

    private static async Task<int> RunAsync(
        KitOptions options, IReadOnlyList<Check> checks, TextWriter output, CancellationToken cancel)
    {
        var isJsonOnly = options.Json == "-";
        var report = new TextReport(isJsonOnly ? TextWriter.Null : output, options);
        report.Begin();
        var summary = await PlayAsync(options, checks, report.Tell, null, cancel);
        report.End(summary);
        if (isJsonOnly)
            await output.WriteLineAsync(JsonReport.Write(options, summary));
        else if (options.Json is { } file)
            await File.WriteAllTextAsync(file, JsonReport.Write(options, summary), cancel);
        return summary.ExitCode;
    }

    private static async Task ReachAsync(KitOptions options, KitRun run, CancellationToken cancel)
    {
        if (await run.Client.ReachAsync(cancel) is { } silence)
            throw new OptionException($"Nobody answers at {options.Address}: {silence}");
        if (run.Client.ClockDifference is { } difference && difference.Duration() > KitLimits.ClockDifference)
            run.Advise(
                "clock-differs", "The participant's clock and this one differ: checks of expiries mean little.",
                $"by {difference.TotalSeconds:0} s");
        if (options.Probe is not { } probe) return;
        var first = await run.Client.ReadTextAsync(probe, cancel)
            ?? throw new OptionException($"--probe {probe} cannot be read: it must be answered 200.");
        if (await run.Client.ReadTextAsync(probe, cancel) != first)
            throw new OptionException($"--probe {probe} changes by itself: name an address that shows only what steps change.");
    }
}
