namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// When each program was disturbed, and by what: what it does late then is nobody's fault. Safe for any number of
/// threads.
/// </summary>
internal sealed class Disturbances(TimeProvider clock)
{
    // A program is not yet itself again in the moment a disturbance is over: it reads its clock once a second, and a
    // processor that was busy takes its time.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3);

    private readonly Lock guard = new();
    private readonly List<(string Program, DateTimeOffset FromAt, DateTimeOffset UntilAt)> all = [];
    private readonly List<string> timeline = [];
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>How often what was done.</summary>
    internal string Summary => string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"));

    internal IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>What was done when, in order.</summary>
    internal IReadOnlyList<string> Timeline => [.. timeline];

    /// <summary>
    /// Runs a disturbance and keeps from when to when it lasted; where it moves the programs' clocks, also by
    /// those, for they write their own instants down.
    /// </summary>
    internal async Task DuringAsync(
        string kind, IReadOnlyList<string> programs, Func<Task> act, string? detail = null, TimeSpan ahead = default)
    {
        var what = detail ?? string.Join(", ", programs);
        var fromAt = clock.GetUtcNow();
        lock (guard) counts[kind] = counts.GetValueOrDefault(kind) + 1;
        try
        {
            await act();
        }
        finally
        {
            var untilAt = clock.GetUtcNow() + Recovery;
            lock (guard)
            {
                all.AddRange(programs.Select(program => (program, fromAt, untilAt)));
                if (ahead != TimeSpan.Zero)
                    all.AddRange(programs.Select(program => (program, fromAt + ahead, untilAt + ahead)));
                timeline.Add($"{fromAt:HH:mm:ss.fff} to {untilAt - Recovery:HH:mm:ss.fff} {kind}: {what}");
            }
        }
    }

    /// <summary>True when the program was left alone all that time.</summary>
    internal bool LeftAlone(string program, DateTimeOffset fromAt, DateTimeOffset untilAt)
    {
        lock (guard)
            return !all.Exists(each => each.Program == program && each.FromAt <= untilAt && each.UntilAt >= fromAt);
    }
}
