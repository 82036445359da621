using Orchestrator.Benchmarks.Processes;
using Orchestrator.Contract;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>One run: holds the sagas, kills everybody but the participant, and looks.</summary>
internal sealed class ExpiryRun(ExpiryOptions options, TextWriter progress)
{
    /// <summary>Few enough to be undone at once, enough for the runtime to have compiled the way.</summary>
    private const int WarmSagas = 500;

    private static readonly TimeSpan WarmExpiry = TimeSpan.FromSeconds(6);

    /// <summary>A slow machine holds so many a second; it is asked for no more.</summary>
    private const int HeldPerSecond = 800;

    /// <summary>The others alone, before the expiry.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);

    public async Task<ExpiryFigures> RunAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var disk = Disk.Measure(folder);
            var database = options.Postgres is { } server
                ? HolderDatabase.Postgres(server)
                : HolderDatabase.Sqlite(folder);
            await using var holder = await ServerProcess.StartHolderAsync(database.Argument, options.Undo, cancel);
            var lookout = new Lookout(database);
            var firstAt = await HoldAsync(folder, lookout, database, holder, cancel);
            using var others = new OtherSagas(holder.Url);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Say($"{options.Others} other sagas a second; everybody but the participant is dead");
            var running = others.RunAsync(options.Others, enough.Token);
            var busy = Machine.BusyTime();
            var own = holder.ProcessorTime + Environment.CpuUsage.TotalTime;
            var startedAt = TimeProvider.System.GetUtcNow();
            var bursts = new List<Burst>();
            for (var n = 0; n < options.Bursts; n++)
                bursts.Add(await lookout.WatchAsync(options.Sagas, firstAt + (n * options.Interval), cancel));

            own = holder.ProcessorTime + Environment.CpuUsage.TotalTime - own;
            busy = Machine.BusyTime() - busy - own;
            await enough.CancelAsync();
            await running;
            return new ExpiryFigures(options.Sagas, bursts, database.Dialect.ToString(), disk)
            {
                Before = Durations(others, bursts, (burst, saga) => burst.CameAfter(saga)),
                Meanwhile = Durations(others, bursts, (burst, saga) => burst.Met(saga)),
                OtherProcessors = busy / (bursts[^1].EndedAt - startedAt),
                IsBalanced = IsBalanced(database, others.Done.Count),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(options.DataFolder).Any()) Directory.Delete(options.DataFolder);
        }
    }

    /// <summary>
    /// Until all are held; then the orchestrator and the other participant are killed. When the first burst expires.
    /// </summary>
    private async Task<DateTimeOffset> HoldAsync(
        string folder, Lookout lookout, HolderDatabase database, ServerProcess holder, CancellationToken cancel)
    {
        await using var absent = await ServerProcess.StartParticipantAsync(cancel);
        await using var service = await ServerProcess.StartServiceAsync(Path.Combine(folder, "orchestrator"), cancel);
        using var sagas = new HeldSagas(service, holder, absent);
        await sagas.PrepareAsync(cancel);
        Say($"{WarmSagas} sagas expire first, not measured");
        var warmAt = Instants.ToMilliseconds(TimeProvider.System.GetUtcNow() + WarmExpiry);
        await sagas.StartAsync(WarmSagas, warmAt, cancel);
        await lookout.WatchAsync(WarmSagas, warmAt, cancel);
        var all = options.Bursts * options.Sagas;
        var startedAt = TimeProvider.System.GetUtcNow();
        var firstAt = Instants.ToMilliseconds(startedAt + Alone + TimeSpan.FromSeconds(10 + (all / HeldPerSecond)));
        Say($"{all} sagas are held, the first until {Instants.Write(firstAt)}");
        for (var n = 0; n < options.Bursts; n++)
            await sagas.StartAsync(options.Sagas, firstAt + (n * options.Interval), cancel);
        await using var connection = database.Connect();
        await connection.OpenAsync(cancel);
        while (HolderDatabase.Scalar(connection, "SELECT COUNT(*) FROM saga_ledger WHERE state = 'held'") < all)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        if (TimeProvider.System.GetUtcNow() + Alone > firstAt)
            throw new InvalidOperationException("This machine is too busy: not all sagas were held in time.");
        Say($"held after {(TimeProvider.System.GetUtcNow() - startedAt).TotalSeconds:0} s");
        await Task.Delay(firstAt - Alone - TimeProvider.System.GetUtcNow(), TimeProvider.System, cancel);
        return firstAt;
    }

    private static IReadOnlyList<double> Durations(
        OtherSagas others, List<Burst> bursts, Func<Burst, OtherSaga, bool> counts) =>
        [.. others.Done.Where(one => bursts.Exists(burst => counts(burst, one)))
            .Select(one => one.Took.TotalMilliseconds).Order()];

    /// <summary>Everything went back but what the others took.</summary>
    private static bool IsBalanced(HolderDatabase database, int others)
    {
        using var connection = database.Connect();
        connection.Open();
        return HolderDatabase.Scalar(connection, "SELECT SUM(available) FROM stock") == -others
            && HolderDatabase.Scalar(connection, "SELECT COUNT(*) FROM saga_ledger WHERE state = 'held'") == 0;
    }

    private void Say(string text) => progress.WriteLine($".. {text}");
}
