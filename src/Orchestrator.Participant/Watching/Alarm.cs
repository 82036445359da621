using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.Watching;

/// <summary>
/// Wakes the watcher when a row appears that is due before it meant to wake. Safe for any number of threads.
/// </summary>
internal sealed class Alarm(ParticipantClock clock)
{
    private readonly Lock guard = new();
    private DateTimeOffset noticed = DateTimeOffset.MaxValue;
    private DateTimeOffset until = DateTimeOffset.MinValue;
    private TaskCompletionSource<bool> wake = NewSource();

    /// <summary>A committed row is due then.</summary>
    internal void Notice(DateTimeOffset dueAt)
    {
        lock (guard)
        {
            if (dueAt < noticed) noticed = dueAt;
            if (dueAt < until) wake.TrySetResult(true);
        }
    }

    /// <summary>Forgets what was noticed: the sweep that begins now will see it in the table.</summary>
    internal void Reset()
    {
        lock (guard) noticed = DateTimeOffset.MaxValue;
    }

    /// <summary>
    /// Sleeps until that instant, or until an earlier one that was or is noticed meanwhile; but not longer than a
    /// sweep, for a clock that is set back puts every instant far off.
    /// </summary>
    internal async Task SleepAsync(DateTimeOffset latest, TimeSpan sweep, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            TaskCompletionSource<bool> woken;
            TimeSpan pause;
            lock (guard)
            {
                until = noticed < latest ? noticed : latest;
                pause = until - clock.Now();
                if (pause > sweep) pause = sweep;
                wake = woken = NewSource();
            }

            if (pause <= TimeSpan.Zero) return;
            await using var ring = clock.Time.CreateTimer(Ring, woken, pause, Timeout.InfiniteTimeSpan);
            await using var stop = cancel.UnsafeRegister(Ring, woken);
            if (!await woken.Task) return;
        }
    }

    /// <summary>The sleep is over, though nothing was noticed.</summary>
    private static void Ring(object? woken) => ((TaskCompletionSource<bool>)woken!).TrySetResult(false);

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
