using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>
/// Keeps this engine an owner of the shared store: says that it is alive, takes over what silent owners had, and takes
/// in what others have changed. Does nothing where one engine has the whole store.
/// </summary>
internal sealed class OwnerKeeper(
    IEnumerable<ISharedStore> stores,
    OwnerState state,
    IHousekeepingStore housekeeping,
    CatalogState catalog,
    Inbox inbox,
    Lease lease,
    SharedChanges changes,
    Adoption adoption,
    EngineHealth health,
    TimeProvider time,
    Log log)
{
    private const string TakenOut =
        "Another orchestrator has taken over what this one had, because it was silent for too long. It goes on with "
        + "new sagas by itself.";

    private const string Unsure =
        "It is not known whether this orchestrator has taken over what a silent one had, so everything is read anew.";

    private readonly ISharedStore? store = stores.SingleOrDefault();
    private readonly SilenceWatch watch = new(lease.Silence, time);
    private readonly Queue<long> toLoad = new();
    private Task following = Task.CompletedTask;
    private long lastBeatAt = time.GetTimestamp();
    private long loadingFor;

    /// <summary>The store was opened, and nothing was written yet.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        if (store is null) return;
        var at = time.GetTimestamp();
        changes.Begin((await state.BeatAsync(cancel)).LastNumber);
        lease.Renew(at);
    }

    /// <summary>
    /// Runs until it is stopped, or the engine can store nothing any more: then the others take over what it has.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (store is null) return;
        try
        {
            while (health.Dead is null)
            {
                await BeatAsync(stop);
                await Task.Delay(lease.Beat, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What it has is left to the others when the store is let go of.
        }

        await following;
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        if (store!.Token == 0) return;
        try
        {
            var at = time.GetTimestamp();
            // After a pause of its own it has heard nobody, whoever was alive.
            if (time.GetElapsedTime(lastBeatAt, at) >= lease.Silence) watch.Forget();
            lastBeatAt = at;
            var seen = await state.BeatAsync(stop);
            if (!seen.IsOwner)
            {
                inbox.Lose(TakenOut);
                return;
            }

            lease.Renew(at);
            changes.Tell(seen.LastNumber);
            // A commit that takes long must not keep this engine from saying that it is alive.
            var silent = watch.Look(seen.Others);
            if (following.IsCompleted) following = FollowAsync(seen, silent, stop);
        }
        catch (StoreUnavailableException e)
        {
            log.BeatFailed(e.Message);
        }
    }

    private async Task FollowAsync(SharedView seen, IReadOnlyList<OwnerBeat> silent, CancellationToken stop)
    {
        try
        {
            await ReadCatalogAsync(seen, stop);
            if (silent.Count > 0 || seen.HasUnowned) await ClaimAsync(silent, stop);
            await LoadAsync(stop);
        }
        catch (StoreUnavailableException e)
        {
            log.BeatFailed(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The others follow.
        }
    }

    private async Task ReadCatalogAsync(SharedView seen, CancellationToken stop)
    {
        if (seen.CatalogNumber <= state.CatalogSeen) return;
        var before = catalog.Changes;
        var stored = await housekeeping.LoadCatalogAsync(stop);
        var work = new ReloadCatalogWork(catalog, Recovery.SnapshotOf(stored), before);
        inbox.Post(work);
        if (await work.Done.WaitAsync(stop)) state.CatalogSeen = seen.CatalogNumber;
    }

    private async Task ClaimAsync(IReadOnlyList<OwnerBeat> silent, CancellationToken stop)
    {
        var token = store!.Token;
        var claimed = await ClaimKnownAsync(silent, stop);
        if (loadingFor != token) toLoad.Clear();
        loadingFor = token;
        foreach (var number in claimed) toLoad.Enqueue(number);
        adoption.TakeRest();
        log.TookOver(claimed.Count, silent.Count);
    }

    /// <summary>
    /// A claim that fails may have been written: then these sagas are this engine's and nobody names them again.
    /// </summary>
    private async Task<IReadOnlyList<long>> ClaimKnownAsync(IReadOnlyList<OwnerBeat> silent, CancellationToken stop)
    {
        adoption.BeginRest();
        try
        {
            return await store!.ClaimAsync(silent, stop);
        }
        catch (StoreUnavailableException)
        {
            inbox.Lose(Unsure);
            throw;
        }
    }

    /// <summary>Reads what was taken over; what cannot be read now is tried again after the next beat.</summary>
    private async Task LoadAsync(CancellationToken stop)
    {
        while (toLoad.Count > 0)
        {
            if (loadingFor != store!.Token)
            {
                // It was taken out itself; what it has then, recovery reads.
                toLoad.Clear();
                return;
            }

            var numbers = toLoad.Take(EngineLimits.MaxAdoptedAtOnce).ToList();
            var work = new AdoptWork(adoption, await store.LoadAsync(numbers, stop), loadingFor);
            inbox.Post(work);
            if (!await work.Done.WaitAsync(stop)) return;
            for (var i = 0; i < numbers.Count; i++) toLoad.Dequeue();
        }
    }
}
