using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Watching;

namespace Orchestrator.Participant.PubSub;

/// <summary>
/// Brings the rows of the outbox to the broker: each at least once, those of one saga in their order. An unreachable
/// broker costs only time; one row that is turned away holds up only its own saga.
/// </summary>
internal sealed class OutboxRelay(
    LedgerDatabase database, OutboxTable table, SidecarPublisher publisher, SubscriptionSettings settings,
    ParticipantClock clock, LedgerMeter meter, IOptions<SagaParticipantOptions> options, ILogger<OutboxRelay> logger)
    : BackgroundService
{
    private readonly Alarm alarm = new(clock);
    private DateTimeOffset upkeepAt = DateTimeOffset.MinValue;
    private int failures;

    /// <summary>A row was committed.</summary>
    internal void Wake() => alarm.Notice(DateTimeOffset.MinValue);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start must not wait for the first look.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                alarm.Reset();
                await UpkeepAsync(stoppingToken);
                while (settings.RelayReplies && await RelayAsync(stoppingToken))
                {
                    // There may be more.
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.RelayFailed(logger, exception);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await PauseAsync(stoppingToken);
        }
    }

    /// <summary>Sends one batch; false when there is nothing more to send now.</summary>
    private async Task<bool> RelayAsync(CancellationToken cancel)
    {
        if (await database.ReadAsync(table.IsEmptyAsync, cancel)) return false;
        var now = clock.Now();
        var taken = await database.RunAsync(
            work => table.TakeAsync(work, now, now + ParticipantLimits.PublishLease, ParticipantLimits.PublishBatch),
            cancel);
        if (taken.Count == 0) return false;
        var fates = await Task.WhenAll(taken.Select(message => publisher.PublishAsync(message, cancel)));
        // Even at the host's end: what the broker has must not be sent again.
        await database.RunAsync(work => SettleAsync(work, fates), CancellationToken.None);
        var unreachable = fates.FirstOrDefault(fate => fate.Fate == PublishFate.Unreachable);
        if (unreachable is null)
        {
            failures = 0;
            return true;
        }

        failures++;
        if (!cancel.IsCancellationRequested) Log.BrokerUnreachable(logger, failures, unreachable.Text);
        return false;
    }

    private async Task<bool> SettleAsync(LedgerWork work, Publishing[] fates)
    {
        var now = clock.Now();
        await table.DeleteAsync(
            work, [.. fates.Where(fate => fate.Fate == PublishFate.Accepted).Select(fate => fate.Message.Seq)]);
        foreach (var fate in fates)
        {
            switch (fate.Fate)
            {
                case PublishFate.Accepted:
                    break;
                case PublishFate.Unreachable:
                    await OutboxTable.SetAsideAsync(work, fate.Message.Seq, now);
                    break;
                case PublishFate.Refused:
                    Log.ReplyRefused(logger, fate.Message.AggregateId, fate.Message.Attempts, fate.Text);
                    await OutboxTable.SetAsideAsync(
                        work, fate.Message.Seq, now + UndoBackoff.After(fate.Message.Attempts));
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"Unknown fate {fate.Fate}.");
            }
        }

        return true;
    }

    private async Task UpkeepAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        if (now < upkeepAt) return;
        upkeepAt = now + ParticipantLimits.UpkeepInterval;
        if (!settings.RelayReplies)
        {
            var before = now - options.Value.Retention;
            while (await database.RunAsync(
                work => OutboxTable.PurgeAsync(work, before, ParticipantLimits.PurgeBatch),
                    cancel) == ParticipantLimits.PurgeBatch)
            {
                // There may be more.
            }
        }

        var (count, oldestAt) = await database.ReadAsync(table.CountAsync, cancel);
        meter.Waiting(count, now - (oldestAt ?? now));
    }

    // While the broker is away a new row is no reason to try at once.
    private async Task PauseAsync(CancellationToken cancel)
    {
        if (failures == 0)
        {
            await alarm.SleepAsync(clock.Now() + options.Value.Sweep, options.Value.Sweep, cancel);
            return;
        }

        var doublings = Math.Min(failures - 1, ParticipantLimits.PublishDoublings);
        var pause = ParticipantLimits.FirstPublishPause * (1 << doublings);
        await Task.Delay(pause < settings.LongestPause ? pause : settings.LongestPause, clock.Time, cancel);
    }
}
