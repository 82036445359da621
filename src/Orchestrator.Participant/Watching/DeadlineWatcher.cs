using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.Watching;

/// <summary>
/// Keeps every promise of the ledger when nobody else is alive: undoes what expired, once before the first request is
/// served, then at each expiry and at least once a sweep.
/// </summary>
internal sealed class DeadlineWatcher(
    SagaLedger ledger, Alarm alarm, ParticipantClock clock, IOptions<SagaParticipantOptions> options,
    ILogger<DeadlineWatcher> logger) : BackgroundService, IHostedLifecycleService
{
    private DateTimeOffset upkeepAt = DateTimeOffset.MinValue;

    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await ledger.PrepareAsync(cancellationToken);
        if (options.Value.Standby)
        {
            Log.OnStandby(logger, ledger.LedgerId);
            return;
        }

        var undone = await ledger.UndoDueAsync(cancellationToken);
        Log.Prepared(logger, ledger.LedgerId, undone);
    }

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WatchAsync(stoppingToken);

    /// <summary>
    /// Watches until it is stopped, on the caller's thread: the base class would take one of the pool.
    /// </summary>
    internal async Task WatchAsync(CancellationToken stop)
    {
        while (!options.Value.Standby && !stop.IsCancellationRequested)
        {
            var wakeAt = await SweepAsync(stop);
            await alarm.SleepAsync(wakeAt, options.Value.Sweep, stop);
        }
    }

    private async Task<DateTimeOffset> SweepAsync(CancellationToken cancel)
    {
        var next = clock.Now() + options.Value.Sweep;
        try
        {
            alarm.Reset();
            await ledger.UndoDueAsync(cancel);
            if (clock.Now() >= upkeepAt) upkeepAt = await UpkeepAsync(cancel);

            var dueAt = await ledger.NextDueAsync(cancel);
            var soonest = clock.Now() + ParticipantLimits.LockedRowsPause;
            // There is more to delete; the deadlines come in between.
            if (upkeepAt <= clock.Now()) next = upkeepAt;
            if (dueAt < next) next = dueAt.Value < soonest && dueAt.Value <= clock.Now() ? soonest : dueAt.Value;
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // The database is away: the next sweep finds out whether it is back.
            Log.SweepFailed(logger, exception);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The host stops; what is due waits in the table for the next start.
        }

        return next;
    }

    private async Task<DateTimeOffset> UpkeepAsync(CancellationToken cancel)
    {
        if (await ledger.PurgeBatchAsync(cancel) == ParticipantLimits.PurgeBatch) return clock.Now();
        await ledger.MeasureAsync(cancel);
        return clock.Now() + ParticipantLimits.UpkeepInterval;
    }
}
