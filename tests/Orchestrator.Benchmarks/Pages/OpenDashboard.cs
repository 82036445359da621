using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Orchestrator.Benchmarks.Pages;

/// <summary>
/// Asks a service for what an open page asks for, when it asks: at each pulse, at most three times a second each, and
/// now and then without one. Draws nothing, so that what is measured is the service.
/// </summary>
internal sealed class OpenDashboard(HttpClient client, IReadOnlyDictionary<string, TimeSpan> reads)
{
    /// <summary>The overview, with the sagas that wait for a person: asked for while there are any.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> Overview = new Dictionary<string, TimeSpan>
    {
        ["/overview"] = TimeSpan.FromSeconds(2),
        ["/sagas?stuck=true&limit=5"] = TimeSpan.FromSeconds(5),
    };

    /// <summary>The list of sagas.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> List = new Dictionary<string, TimeSpan>
    {
        ["/sagas?limit=100"] = TimeSpan.FromSeconds(5),
    };

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(330);

    private readonly ConcurrentQueue<(string Path, double Milliseconds)> answers = new();

    /// <summary>How long each answer took.</summary>
    public IEnumerable<(string Path, double Milliseconds)> Answers => answers;

    /// <summary>Keeps it open until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var signals = reads.ToDictionary(
            read => read.Key,
            _ => Channel.CreateBounded<bool>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }));
        try
        {
            await Task.WhenAll(
            [
                FollowAsync([.. signals.Values.Select(signal => signal.Writer)], cancel),
                .. reads.Select(read => ReadAsync(read.Key, read.Value, signals[read.Key].Reader, cancel)),
            ]);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It was closed.
        }
    }

    private async Task FollowAsync(ChannelWriter<bool>[] signals, CancellationToken cancel)
    {
        using var answer = await client.GetAsync("/events/pulse", HttpCompletionOption.ResponseHeadersRead, cancel);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
            foreach (var signal in signals) signal.TryWrite(true);
        }
    }

    private async Task ReadAsync(string path, TimeSpan every, ChannelReader<bool> signal, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            using (var answer = await client.GetAsync(path, cancel))
            {
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(cancel);
            }

            answers.Enqueue((path, Stopwatch.GetElapsedTime(began).TotalMilliseconds));
            await Task.Delay(Apart, TimeProvider.System, cancel);
            await PulseOrAsync(every, signal, cancel);
        }
    }

    private static async Task PulseOrAsync(TimeSpan every, ChannelReader<bool> signal, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(every);
        try
        {
            await signal.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time for a look without a pulse.
        }
    }
}
