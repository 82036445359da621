using System.Globalization;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Timers;

/// <summary>
/// The command <c>timers</c>: how late timers are noticed. Sagas start at a steady pace; their only step is never done,
/// so each waits for several retries and then for its deadline. What is measured is in the histories: when a timer was
/// due and the instant its passing was recorded with.
/// </summary>
internal static class TimersCommand
{
    /// <summary>What is promised on a machine that does nothing else.</summary>
    private const double PromisedMilliseconds = 10;

    /// <summary>Until the last saga has met its deadline and undone its step.</summary>
    private static readonly TimeSpan Rest = BenchDefinitions.TimedDeadline + TimeSpan.FromSeconds(2);

    public static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, MeasureAsync);

    private static async Task<int> MeasureAsync(LoadOptions options, CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            await using var participant = await ServerProcess.StartParticipantAsync(cancel);
            await using var service = await ServerProcess.StartServiceAsync(folder, cancel);
            using var target = new ServiceUnderLoad(service.Url, participant);
            await target.PrepareAsync(cancel);
            Console.WriteLine($".. {options.Users} sagas a second for {options.WarmUp.TotalSeconds:0} s, not measured");
            await StartAsync(target, options.Users, options.WarmUp, cancel);
            Console.WriteLine($".. the same for {options.Measured.TotalSeconds:0} s, measured");
            var busy = Machine.BusyTime();
            var sagas = await StartAsync(target, options.Users, options.Measured, cancel);
            busy = (Machine.BusyTime() - busy) / options.Measured.TotalSeconds;
            await Task.Delay(Rest, TimeProvider.System, cancel);
            var late = new List<Lateness>();
            foreach (var saga in sagas) late.AddRange(await target.LatenessAsync(saga, cancel));
            return Print(sagas.Count, busy, late) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts so many a second, one after the other, and answers their ids.</summary>
    private static async Task<List<string>> StartAsync(
        ServiceUnderLoad target, int perSecond, TimeSpan time, CancellationToken cancel)
    {
        var sagas = new List<string>();
        var count = perSecond * (int)time.TotalSeconds;
        var began = TimeProvider.System.GetTimestamp();
        for (var n = 0; n < count; n++)
        {
            var wait = (n * TimeSpan.FromSeconds(1) / perSecond) - TimeProvider.System.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, TimeProvider.System, cancel);
            sagas.Add(await target.StartTimedAsync(cancel));
        }

        return sagas;
    }

    private static bool Print(int sagas, TimeSpan? busy, List<Lateness> all)
    {
        Console.WriteLine($"machine       {Environment.ProcessorCount} cores, {BuildOfThis.Configuration}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"busy          {busy?.TotalSeconds:0.00} processors, everything on this machine"));
        Console.WriteLine($"sagas         {sagas}");
        var isQuick = Print("retries", [.. all.Where(one => !one.IsDeadline).Select(one => one.Milliseconds).Order()]);
        return Print("deadlines", [.. all.Where(one => one.IsDeadline).Select(one => one.Milliseconds).Order()]) && isQuick;
    }

    private static bool Print(string name, double[] late)
    {
        if (late.Length == 0)
        {
            Console.WriteLine($"{name,-13} none has passed");
            return false;
        }

        var p99 = late[late.Length * 99 / 100];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-13} {late.Length}: late p50 {late[late.Length / 2]:0} ms, p99 {p99:0} ms, max {late[^1]:0} ms; earliest {late[0]:0} ms"));
        return late[0] >= 0 && p99 <= PromisedMilliseconds;
    }
}

/// <summary>How long after its instant a timer's passing was recorded.</summary>
internal readonly record struct Lateness(bool IsDeadline, double Milliseconds);
