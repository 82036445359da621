using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Alerting;

/// <summary>
/// Tells one target, in order, from where the store says it is: at least once. A target that takes nothing is tried
/// again with growing waits and holds up nobody else; much at once becomes one message. Used by one caller at a time.
/// </summary>
internal sealed class AlertLane(
    AlertTarget target, IAlertStore store, AlertSender sender, Inbox inbox, TimeProvider time, Log log)
{
    private DateTimeOffset minuteBegan;
    private int singles;
    private DateTimeOffset waitsUntil;
    private TimeSpan wait = EngineLimits.AlertRetryFirst;
    private long delivered;
    private long failed;

    /// <summary>The target's.</summary>
    public string Name => target.Name;

    /// <summary>Messages it has taken since the process started.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Tries that did not arrive.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>What it is doing.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Tells what there is, unless it is just doing so or has to wait.</summary>
    public void Wake(CancellationToken stop)
    {
        if (Running.IsCompleted && time.GetUtcNow() >= waitsUntil) Running = RunAsync(stop);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            while (await TellPageAsync(stop))
            {
                // The next page follows at once.
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left is told after the next start.
        }
        catch (StoreUnavailableException e)
        {
            log.AlertsWait(target.Name, e.Message);
        }
    }

    private async Task<bool> TellPageAsync(CancellationToken stop)
    {
        var (cursors, _) = await store.ReadCursorsAsync(stop);
        if (cursors.FirstOrDefault(one => one.Target == target.Name) is not { } cursor) return false;
        var page = await store.ReadAsync(cursor.No, EngineLimits.MaxAlertsPerPage, stop);
        if (page.Count == 0) return false;
        var mine = page.Where(news => target.On.Contains(news.Reason)).ToList();
        if (mine.Count == 0)
        {
            await SaveAsync(cursor with { No = page[^1].No });
            return true;
        }

        var end = cursor with { No = page[^1].No };
        return MayTellEach(mine.Count)
            ? await TellEachAsync(mine, cursor, end, stop)
            : await TellAllAsync(mine, cursor, end, stop);
    }

    /// <summary>So many a minute are told one by one; beyond that a person would only be kept from working.</summary>
    private bool MayTellEach(int count)
    {
        var now = time.GetUtcNow();
        if (now - minuteBegan >= EngineLimits.AlertMinute) (minuteBegan, singles) = (now, 0);
        if (singles + count > EngineLimits.MaxSingleAlerts) return false;
        singles += count;
        return true;
    }

    private async Task<bool> TellEachAsync(
        List<AlertNews> news, AlertCursor cursor, AlertCursor end, CancellationToken stop)
    {
        foreach (var one in news)
        {
            if (await SendAsync(one.Id, AlertMessages.One(one), cursor, stop) is not { } told) return false;
            cursor = told with { No = one.No };
        }

        await SaveAsync(cursor with { No = end.No });
        return true;
    }

    private async Task<bool> TellAllAsync(
        List<AlertNews> news, AlertCursor cursor, AlertCursor end, CancellationToken stop)
    {
        var (id, bundle) = AlertMessages.Bundle(news, time.GetUtcNow());
        if (await SendAsync(id, bundle, cursor, stop) is not { } told) return false;
        await SaveAsync(told with { No = end.No });
        // What comes meanwhile goes into the next one.
        waitsUntil = time.GetUtcNow() + EngineLimits.AlertBundleGap;
        return false;
    }

    /// <summary>The cursor after it was taken; null when it was not, which is stored.</summary>
    private async Task<AlertCursor?> SendAsync(
        string id, Contract.JsonData message, AlertCursor cursor, CancellationToken stop)
    {
        var delivery = await sender.SendAsync(target, id, message, stop);
        var now = Contract.Instants.ToMilliseconds(time.GetUtcNow());
        Interlocked.Increment(ref delivery.Delivered ? ref delivered : ref failed);
        if (delivery.Delivered)
        {
            if (cursor.Error is not null) log.AlertsArrive(target.Name);
            wait = EngineLimits.AlertRetryFirst;
            return cursor with { DeliveredAt = now, FailedAt = null, Error = null };
        }

        if (cursor.Error is null) log.AlertsDoNotArrive(target.Name, delivery.Text);
        waitsUntil = now + wait;
        wait = wait * 2 < EngineLimits.AlertRetryLongest ? wait * 2 : EngineLimits.AlertRetryLongest;
        await SaveAsync(cursor with { FailedAt = cursor.FailedAt ?? now, Error = delivery.Text });
        return null;
    }

    private async Task SaveAsync(AlertCursor cursor)
    {
        var work = new AlertWork([], cursor, 0);
        inbox.Post(work);
        if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
    }
}
