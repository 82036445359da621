using System.Diagnostics;

namespace Orchestrator.Benchmarks.Load;

/// <summary>Users that each do one thing after the other, without a pause.</summary>
internal static class VirtualUsers
{
    /// <summary>How long one thing may take before the run is called off.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Runs <paramref name="once" /> for all users. Only what began and ended between the two snapshots counts;
    /// <paramref name="snapshot" /> is taken at both ends. <paramref name="once" /> answers null or what was wrong.
    /// </summary>
    public static async Task<Measurement<T>> RunAsync<T>(
        LoadOptions options,
        Func<CancellationToken, Task<string?>> once,
        Func<CancellationToken, Task<T>> snapshot,
        CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var window = new Window();
        var users = Enumerable.Range(0, options.Users).Select(_ => UserAsync(once, window, stop)).ToArray();
        try
        {
            await Task.WhenAny(Task.Delay(options.WarmUp, TimeProvider.System, stop.Token), Task.WhenAll(users));
            var before = await snapshot(cancel);
            window.Open();
            await Task.WhenAny(Task.Delay(options.Measured, TimeProvider.System, stop.Token), Task.WhenAll(users));
            window.Close();
            var after = await snapshot(cancel);
            var done = await Task.WhenAll(users);
            cancel.ThrowIfCancellationRequested();
            return new Measurement<T>(
                before, after, window.Elapsed, [.. done.SelectMany(user => user.Ticks).Order()],
                [.. done.SelectMany(user => user.Wrong)]);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task<(List<long> Ticks, List<string> Wrong)> UserAsync(
        Func<CancellationToken, Task<string?>> once, Window window, CancellationTokenSource stop)
    {
        // The caller goes on while the user works.
        await Task.Yield();
        var ticks = new List<long>();
        var wrong = new List<string>();
        while (!window.IsClosed && !stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            if (await OnceAsync(once, stop.Token) is { } problem)
            {
                wrong.Add(problem);
                // A user that meets an error does not go on making thousands of them.
                break;
            }

            var ended = Stopwatch.GetTimestamp();
            if (window.Holds(began, ended)) ticks.Add(ended - began);
        }

        return (ticks, wrong);
    }

    private static async Task<string?> OnceAsync(Func<CancellationToken, Task<string?>> once, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        try
        {
            return await once(limit.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"No answer within {Longest.TotalSeconds} s.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.Message;
        }
    }

    /// <summary>The measured time, shared by all users.</summary>
    private sealed class Window
    {
        private long from = long.MaxValue;
        private long to = long.MaxValue;

        public bool IsClosed => Volatile.Read(ref to) != long.MaxValue;

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(from, to);

        public void Open() => Volatile.Write(ref from, Stopwatch.GetTimestamp());

        public void Close() => Volatile.Write(ref to, Stopwatch.GetTimestamp());

        public bool Holds(long began, long ended) => Volatile.Read(ref from) <= began && ended <= Volatile.Read(ref to);
    }
}

/// <summary>What a run of users brought.</summary>
/// <param name="Before">Snapshot at the beginning of the measured time.</param>
/// <param name="After">Snapshot at its end.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="Ticks">How long each took, ascending, in ticks of the stopwatch.</param>
/// <param name="Wrong">What went wrong, also outside of the measured time.</param>
internal sealed record Measurement<T>(T Before, T After, TimeSpan Elapsed, long[] Ticks, string[] Wrong)
{
    public double PerSecond => Ticks.Length / Elapsed.TotalSeconds;

    public double Milliseconds(double percentile) => Ticks.Length == 0
        ? 0
        : Ticks[Math.Min(Ticks.Length - 1, (int)(Ticks.Length * percentile))] * 1000.0 / Stopwatch.Frequency;
}
