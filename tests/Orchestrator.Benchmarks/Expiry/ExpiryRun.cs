using Orchestrator.Benchmarks.Processes;
using Orchestrator.Contract;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>One run: holds the sagas, kills everybody but the participant, and looks.</summary>
internal sealed class ExpiryRun(ExpiryOptions options, TextWriter progress)
{
    /// <summary>Few enough to be undone at once, enough for the runtime to have compiled the way.</summary>
    private const int WarmSagas = 500;

    private static readonly TimeSpan WarmExpiry = TimeSpan.FromSeconds(6);

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
            var (expiresAt, before) = await HoldAsync(folder, database, holder, cancel);
            using var others = new OtherSagas(holder.Url);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Say($"{options.Others} other sagas a second; everybody but the participant is dead");
            var running = others.RunAsync(options.Others, enough.Token);
            var busy = Machine.BusyTime();
            var own = holder.ProcessorTime + Environment.CpuUsage.TotalTime;
            var startedAt = TimeProvider.System.GetUtcNow();
            var late = await new Lookout(database).WatchAsync(before, options.Sagas, expiresAt, cancel);
            var endedAt = TimeProvider.System.GetUtcNow();
            own = holder.ProcessorTime + Environment.CpuUsage.TotalTime - own;
            busy = Machine.BusyTime() - busy - own;
            await enough.CancelAsync();
            await running;
            return new ExpiryFigures(options.Sagas, late, database.Dialect.ToString(), disk)
            {
                Before = Durations(others, startedAt + TimeSpan.FromSeconds(1), expiresAt - TimeSpan.FromSeconds(1)),
                Meanwhile = Durations(others, expiresAt, endedAt),
                OtherProcessors = busy / (endedAt - startedAt),
                IsBalanced = IsBalanced(database, others.Done.Count),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(options.DataFolder).Any()) Directory.Delete(options.DataFolder);
        }
    }

    /// <summary>Until all are held; then the orchestrator and the other participant are killed.</summary>
    private async Task<(DateTimeOffset ExpiresAt, long Before)> HoldAsync(
        string folder, HolderDatabase database, ServerProcess holder, CancellationToken cancel)
    {
        await using var absent = await ServerProcess.StartParticipantAsync(cancel);
        await using var service = await ServerProcess.StartServiceAsync(Path.Combine(folder, "orchestrator"), cancel);
        using var sagas = new HeldSagas(service, holder, absent);
        await sagas.PrepareAsync(cancel);
        Say($"{WarmSagas} sagas expire first, not measured");
        var warmAt = Instants.ToMilliseconds(TimeProvider.System.GetUtcNow() + WarmExpiry);
        await sagas.StartAsync(WarmSagas, warmAt, cancel);
        await new Lookout(database).WatchAsync(0, WarmSagas, warmAt, cancel);
        await using var connection = database.Connect();
        await connection.OpenAsync(cancel);
        var before = HolderDatabase.LastUndone(connection);
        var time = Alone + TimeSpan.FromSeconds(10 + (options.Sagas / 300));
        var expiresAt = Instants.ToMilliseconds(TimeProvider.System.GetUtcNow() + time);
        Say($"{options.Sagas} sagas are held until {Instants.Write(expiresAt)}");
        await sagas.StartAsync(options.Sagas, expiresAt, cancel);
        while (HolderDatabase.Scalar(connection, "SELECT COUNT(*) FROM saga_ledger WHERE state = 'held'") < options.Sagas)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        if (TimeProvider.System.GetUtcNow() + Alone > expiresAt)
            throw new InvalidOperationException("This machine is too busy: not all sagas were held in time.");
        await Task.Delay(expiresAt - Alone - TimeProvider.System.GetUtcNow(), TimeProvider.System, cancel);
        return (expiresAt, before);
    }

    private static IReadOnlyList<double> Durations(OtherSagas others, DateTimeOffset from, DateTimeOffset to) =>
        [.. others.Done.Where(one => one.StartedAt < to && one.StartedAt + one.Took > from)
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
