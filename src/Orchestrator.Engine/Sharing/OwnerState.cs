using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>
/// What this engine says of itself to the others on the store, and what it knows of them. Safe for any number of
/// threads.
/// </summary>
internal sealed class OwnerState(IEnumerable<ISharedStore> stores, TimeProvider time)
{
    private readonly ISharedStore? store = stores.SingleOrDefault();
    private long catalogSeen;
    private volatile SharedView? view;
    private volatile Uri? address;

    /// <summary>Where the others reach this engine; told with the next beat.</summary>
    public Uri? Address
    {
        get => address;
        set => address = value;
    }

    /// <summary>Up to which number it knows definitions and participants.</summary>
    public long CatalogSeen
    {
        get => Interlocked.Read(ref catalogSeen);
        set => Interlocked.Exchange(ref catalogSeen, value);
    }

    /// <summary>True for one of the owners at a time: it does what only has to be done once.</summary>
    public bool IsFirst => store is null || view is not { } seen || seen.Others.All(other => other.Token > store.Token);

    /// <summary>Where the other owners are reached, as the last beat has found them.</summary>
    public IReadOnlyList<Uri> Others => [.. (view?.Others ?? []).Select(other => other.Address).OfType<Uri>()];

    /// <summary>Says that it is alive. Throws <see cref="StoreUnavailableException" />.</summary>
    public async Task<SharedView> BeatAsync(CancellationToken cancel)
    {
        var seen = await store!.BeatAsync(new OwnerCard(address, CatalogSeen), cancel);
        view = seen;
        return seen;
    }

    /// <summary>
    /// Waits until every owner knows definitions and participants as they are on disk now, but not for ever: what is
    /// asked of any of them from then on is answered alike.
    /// </summary>
    public async Task EverybodyKnowsAsync(CancellationToken cancel)
    {
        if (store is null) return;
        var from = time.GetTimestamp();
        long? target = null;
        try
        {
            while (time.GetElapsedTime(from) < EngineLimits.CatalogPatience)
            {
                var seen = await BeatAsync(cancel);
                target ??= seen.CatalogNumber;
                if (seen.Others.All(other => other.CatalogSeen >= target)) return;
                await Task.Delay(EngineLimits.CatalogLook, time, cancel);
            }
        }
        catch (StoreUnavailableException)
        {
            // It is stored; the others read it once the store is back.
        }
    }
}
