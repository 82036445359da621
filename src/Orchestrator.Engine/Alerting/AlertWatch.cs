using System.Collections.Immutable;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Alerting;

/// <summary>
/// Looks again and again for sagas that want a person, opens and clears alerts in the store, and has its lanes tell
/// them. What a saga is stands in the store, so a crash loses nothing; of several engines on one store one does it.
/// </summary>
internal sealed class AlertWatch : IAlerts, IDisposable
{
    private readonly AlertOptions options;
    private readonly IAlertStore? store;
    private readonly OwnerState owners;
    private readonly CatalogState catalog;
    private readonly EngineHealth health;
    private readonly Inbox inbox;
    private readonly TimeProvider time;
    private readonly Log log;
    private readonly AlertSender sender;
    private readonly ImmutableArray<AlertLane> lanes;
    private Dictionary<string, DateTimeOffset> inDoubtSince = [];
    private long toldUpTo;
    private IReadOnlyDictionary<string, long> untold = ImmutableDictionary<string, long>.Empty;

    public AlertWatch(
        EngineOptions options, OwnerState owners, CatalogState catalog, EngineHealth health, Inbox inbox,
        TimeProvider time, Log log, IAlertStore? store = null)
    {
        this.options = options.Alerts;
        this.store = store;
        this.owners = owners;
        this.catalog = catalog;
        this.health = health;
        this.inbox = inbox;
        this.time = time;
        this.log = log;
        sender = new AlertSender(time);
        lanes = store is null
            ? []
            : [.. Targets.Select(target => new AlertLane(target, store, sender, inbox, time, log))];
    }

    /// <inheritdoc />
    public ImmutableArray<AlertTarget> Targets => options.Targets;

    /// <summary>How each target was told since the process started.</summary>
    public IReadOnlyList<AlertFigures> Figures =>
    [
        .. lanes.Select(lane => new AlertFigures(
            lane.Name, Volatile.Read(ref untold).GetValueOrDefault(lane.Name), lane.Delivered, lane.Failed)),
    ];

    /// <summary>Runs until it is stopped; at once when nobody is to be told.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (lanes.IsEmpty) return;
        try
        {
            while (true)
            {
                await Task.Delay(options.LookEvery, time, stop);
                if (health.NotReady is not null) continue;
                if (!owners.IsFirst)
                {
                    Volatile.Write(ref untold, ImmutableDictionary<string, long>.Empty);
                    continue;
                }

                await LookAsync(stop);
                foreach (var lane in lanes) lane.Wake(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next process looks on.
        }

        await Task.WhenAll(lanes.Select(lane => lane.Running));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<AlertStanding>> ReadAsync(CancellationToken cancel)
    {
        if (store is null || Targets.IsEmpty) return [];
        var (cursors, last) = await store.ReadCursorsAsync(cancel);
        var standings = new List<AlertStanding>();
        foreach (var target in Targets)
        {
            var cursor = cursors.FirstOrDefault(one => one.Target == target.Name)
                ?? new AlertCursor(target.Name, last, null, null, null);
            var waiting = await store.CountAsync(cursor.No, target.On, cancel);
            standings.Add(new AlertStanding(target, cursor.DeliveredAt, cursor.FailedAt, cursor.Error, waiting));
        }

        return standings;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<AlertDelivery>> TestAsync(string actor, CancellationToken cancel)
    {
        log.AlertsTested(actor);
        var (id, message) = AlertMessages.Trial(actor, time.GetUtcNow());
        return await Task.WhenAll(Targets.Select(target => sender.SendAsync(target, id, message, cancel)));
    }

    /// <inheritdoc />
    public void Dispose() => sender.Dispose();

    /// <summary>One look: opens, clears, and forgets what everybody was told.</summary>
    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            var now = time.GetUtcNow();
            var cursors = await BeginAsync(stop);
            var scan = await store!.ScanAsync(now - options.After, EngineLimits.MaxAlertsPerLook, stop);
            var rows = Due(scan.Wanting, now)
                .Select(one => AlertMessages.Open(
                    one.Saga, one.Reason, now,
                    catalog.Current.Find(one.Saga.Definition, one.Saga.DefinitionVersion)))
                .Concat(scan.Over.Select(over => AlertMessages.Close(over, now)))
                .ToList();
            Volatile.Write(ref untold, await WaitingAsync(cursors, stop));
            var told = cursors.Where(cursor => Targets.Any(target => target.Name == cursor.Target))
                .Select(cursor => cursor.No).DefaultIfEmpty(0).Min();
            if (rows.Count == 0 && told <= toldUpTo) return;
            var work = new AlertWork(rows, null, told > toldUpTo ? told : 0);
            inbox.Post(work);
            if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
            toldUpTo = told;
            foreach (var row in rows)
                log.Alerted(row.SagaId, AlertMessages.WordOf(row.Reason), row.IsCleared ? "cleared" : "raised");
        }
        catch (StoreUnavailableException e)
        {
            log.AlertsWait("everybody", e.Message);
        }
    }

    private async Task<ImmutableDictionary<string, long>> WaitingAsync(
        IReadOnlyList<AlertCursor> cursors, CancellationToken stop)
    {
        var counts = ImmutableDictionary.CreateBuilder<string, long>();
        foreach (var target in Targets)
        {
            if (cursors.FirstOrDefault(cursor => cursor.Target == target.Name) is { } cursor)
                counts[target.Name] = await store!.CountAsync(cursor.No, target.On, stop);
        }

        return counts.ToImmutable();
    }

    /// <summary>
    /// How far everybody was told. A new target hears what is found from now on, so it begins before anything is.
    /// </summary>
    private async Task<IReadOnlyList<AlertCursor>> BeginAsync(CancellationToken stop)
    {
        var (cursors, last) = await store!.ReadCursorsAsync(stop);
        var begun = new List<AlertCursor>();
        foreach (var target in Targets.Where(target => cursors.All(cursor => cursor.Target != target.Name)))
        {
            begun.Add(new AlertCursor(target.Name, last, null, null, null));
            var work = new AlertWork([], begun[^1], 0);
            inbox.Post(work);
            if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
        }

        return [.. cursors, .. begun];
    }

    /// <summary>Most sagas are in doubt for a moment only, and since when is in no row.</summary>
    private List<(SagaSummary Saga, AlertReason Reason)> Due(
        IReadOnlyList<(SagaSummary Saga, AlertReason Reason)> wanting, DateTimeOffset now)
    {
        var seen = new Dictionary<string, DateTimeOffset>();
        var due = new List<(SagaSummary Saga, AlertReason Reason)>();
        foreach (var one in wanting)
        {
            if (one.Reason == AlertReason.InDoubt)
            {
                var since = seen[one.Saga.Id] = inDoubtSince.GetValueOrDefault(one.Saga.Id, now);
                if (now - since < options.After) continue;
            }

            due.Add(one);
        }

        inDoubtSince = seen;
        return due;
    }
}
