namespace Orchestrator.Benchmarks.Expiry;

/// <summary>
/// Looks into the participant's database from outside, every few milliseconds: what it sees undone is committed. One
/// burst after the other.
/// </summary>
internal sealed class Lookout(HolderDatabase database)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>After this long what is not undone is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private long last;

    /// <summary>
    /// Looks until so many more are undone. For each, how long after the instant it was seen first; below zero is too
    /// early.
    /// </summary>
    public async Task<Burst> WatchAsync(int count, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        await using var connection = database.Connect();
        await connection.OpenAsync(cancel);
        var seen = new List<double>(count);
        var undone = 0L;
        while (seen.Count < count && Now() < expiresAt + Patience)
        {
            undone += HolderDatabase.UndoneAfter(connection, ref last);
            var late = (Now() - expiresAt).TotalMilliseconds;
            while (seen.Count < undone) seen.Add(late);
            if (Now() < expiresAt - TimeSpan.FromMilliseconds(500))
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
            else
                await Task.Delay(Pause, TimeProvider.System, cancel);
        }

        return new Burst(expiresAt, Now(), seen);
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
