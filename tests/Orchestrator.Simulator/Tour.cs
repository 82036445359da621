using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Simulator.Checking;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator;

/// <summary>Goes from world to world and reports.</summary>
internal sealed class Tour(Options options, TextWriter to)
{
    private readonly Coverage coverage = new();
    private readonly List<ulong> wrong = [];
    private readonly long startedAt = TimeProvider.System.GetTimestamp();
    private long worlds;
    private long sagas;
    private long steps;
    private TimeSpan lived;

    /// <summary>The exit code.</summary>
    public int Run()
    {
        if (options.Seeds is var (first, last))
            for (var seed = first; seed <= last; seed++)
                Visit(seed);
        var from = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(from).TotalMinutes < options.Minutes) Visit(NewSeed());
        Report();
        return wrong.Count == 0 ? 0 : 1;
    }

    private void Visit(ulong seed)
    {
        using var world = new World(seed, options.Trace ? to : null);
        var report = world.Run();
        worlds++;
        sagas += report.Sagas;
        steps += report.Steps;
        lived += report.Lasted;
        coverage.Add(report.Coverage);
        if (report.Wrongs.Count == 0)
        {
            if (options.Trace) to.WriteLine($"seed {seed}: hash {report.Hash:x16}");

            return;
        }

        wrong.Add(seed);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed} after {worlds} worlds: {report.Wrongs[0]}"));
        to.WriteLine($"  replay: SIM_SEED={seed} (hash {report.Hash:x16})");
    }

    private void Report()
    {
        var seconds = TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{worlds} worlds in {seconds:F1} s ({worlds / seconds:F1} worlds/s), {sagas} sagas, {steps} steps, "
            + $"{lived.TotalHours:F1} simulated hours; {wrong.Count} broke a promise"));
        if (!options.ShowCoverage) return;
        to.WriteLine("Ledger cells:");
        foreach (var (cell, count) in coverage.Cells) to.WriteLine($"  {cell}: {count}");
        to.WriteLine("Events by phase:");
        foreach (var (pair, count) in coverage.Events) to.WriteLine($"  {pair}: {count}");
        to.WriteLine("Never: " + string.Join("; ", coverage.MissingCells().Concat(coverage.MissingEvents())));
    }

    private static ulong NewSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
