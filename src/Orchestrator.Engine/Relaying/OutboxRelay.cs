using System.Threading.Channels;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Brings the events of the outbox to the broker: each at least once, those of one saga and topic in their order. An
/// unreachable broker costs only time; an event that is turned away holds up only those behind it.
/// </summary>
internal sealed class OutboxRelay(
    IEnumerable<IEventPublisher> publishers, IHousekeepingStore store, Outbox outbox, FactsBacklog facts,
    EngineHealth health, TimeProvider time, Log log)
{
    private readonly IEventPublisher? publisher = publishers.SingleOrDefault();
    private readonly Dictionary<long, (int Tries, DateTimeOffset NextAt)> aside = [];
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long oldest = long.MaxValue;
    private int failures;
    private bool isUnconfigured;

    /// <summary>Age of the oldest event that waits; zero when none does.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            var since = Volatile.Read(ref oldest);
            var now = time.GetUtcNow().UtcTicks;
            return since >= now ? TimeSpan.Zero : TimeSpan.FromTicks(now - since);
        }
    }

    /// <summary>Events were committed.</summary>
    public void Wake() => bell.Writer.TryWrite(true);

    /// <summary>Runs until it is stopped; does nothing where there is no broker.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (publisher is null) return;
        try
        {
            while (true)
            {
                await PauseAsync(await RelayAsync(stop), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left is sent after the next start.
        }
    }

    /// <summary>Sends all there is; how long to wait before the next look when nobody rings.</summary>
    private async Task<TimeSpan?> RelayAsync(CancellationToken stop)
    {
        try
        {
            var after = 0L;
            while (true)
            {
                var page = await store.ReadOutboxAsync(after, EngineLimits.MaxEventsAtOnce, stop);
                if (after == 0) Note(page);
                if (page.Count == 0) return NextAside();
                var ready = page.Where(IsReady).ToList();
                var answers = await Task.WhenAll(ready.Select(waiting => PublishAsync(waiting, stop)));
                var sent = Settle(ready, answers);
                if (sent.Count > 0)
                {
                    if (await outbox.SentAsync([.. sent.Select(each => each.Seq)]) is not null)
                        return EngineLimits.StoreRetry;
                    facts.Sent(sent.Select(each => each.Row));
                }

                if (isUnconfigured) return EngineLimits.PublishUnconfigured;
                if (failures > 0) return Backoff(failures);
                // What was behind the sent ones is first now.
                after = sent.Count > 0 ? 0 : page[^1].Seq;
            }
        }
        catch (StoreUnavailableException)
        {
            return EngineLimits.StoreRetry;
        }
    }

    private void Note(IReadOnlyList<WaitingEvent> page) =>
        Volatile.Write(ref oldest, page.Count == 0 ? long.MaxValue : page[0].Row.OccurredAt.UtcTicks);

    private Task<Published> PublishAsync(WaitingEvent waiting, CancellationToken stop) =>
        publisher!.PublishAsync(waiting.Row, stop);

    private bool IsReady(WaitingEvent waiting) =>
        !aside.TryGetValue(waiting.Seq, out var set) || set.NextAt <= time.GetUtcNow();

    /// <summary>What the broker has.</summary>
    private List<WaitingEvent> Settle(List<WaitingEvent> ready, Published[] answers)
    {
        var sent = new List<WaitingEvent>();
        string? unreachable = null;
        string? unconfigured = null;
        for (var i = 0; i < ready.Count; i++)
        {
            switch (answers[i].Fate)
            {
                case PublishFate.Accepted:
                    sent.Add(ready[i]);
                    aside.Remove(ready[i].Seq);
                    break;
                case PublishFate.Refused:
                    var tries = aside.GetValueOrDefault(ready[i].Seq).Tries + 1;
                    aside[ready[i].Seq] = (tries, time.GetUtcNow() + Backoff(tries));
                    log.EventRefused(ready[i].Row.Id, ready[i].Row.Topic, tries, answers[i].Text);
                    break;
                case PublishFate.Unreachable:
                    unreachable = answers[i].Text;
                    break;
                case PublishFate.NotConfigured:
                    unconfigured = answers[i].Text;
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"Unknown fate {answers[i].Fate}.");
            }
        }

        failures = unreachable is null ? 0 : failures + 1;
        if (unreachable is not null) log.BrokerUnreachable(failures, unreachable);
        if (ready.Count > 0 && unreachable is null) Note(unconfigured);
        return sent;
    }

    /// <summary>Tells once that only a person can help, and once that somebody did.</summary>
    private void Note(string? unconfigured)
    {
        if (unconfigured is not null && !isUnconfigured) log.BrokerNotConfigured(unconfigured);
        if (unconfigured is null && isUnconfigured) log.BrokerConfigured();
        isUnconfigured = unconfigured is not null;
        health.Warning = unconfigured;
    }

    private TimeSpan? NextAside()
    {
        if (aside.Count == 0) return null;
        var wait = aside.Values.Min(set => set.NextAt) - time.GetUtcNow();
        return wait > EngineLimits.PublishRetryFirst ? wait : EngineLimits.PublishRetryFirst;
    }

    private static TimeSpan Backoff(int tries)
    {
        var wait = EngineLimits.PublishRetryFirst * (1 << Math.Min(tries - 1, EngineLimits.PublishDoublings));
        return wait < EngineLimits.PublishRetryLongest ? wait : EngineLimits.PublishRetryLongest;
    }

    // While the broker is away a new event is no reason to try at once.
    private async Task PauseAsync(TimeSpan? pause, CancellationToken stop)
    {
        if (failures > 0 || isUnconfigured)
        {
            // What waited may be gone meanwhile, taken over by another engine: then there is nothing to look for soon.
            await Task.Delay(pause ?? EngineLimits.PublishRetryLongest, time, stop);
            return;
        }

        using var limit = new CancellationTokenSource(pause ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await bell.Reader.WaitToReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nobody rang; it is time to look.
        }

        bell.Reader.TryRead(out _);
    }
}
