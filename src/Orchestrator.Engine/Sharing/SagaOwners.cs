using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>See <see cref="ISagaOwners" />.</summary>
internal sealed class SagaOwners(
    IEnumerable<ISharedStore> stores, LiveSagas sagas, Lease lease, OwnerState state, EngineOptions options)
    : ISagaOwners
{
    private static readonly SagaPlace Running = new SagaPlace.Here(Runs: true);
    private static readonly SagaPlace Known = new SagaPlace.Here(Runs: false);
    private static readonly SagaPlace Nowhere = new SagaPlace.Nowhere();

    private readonly ISharedStore? store = stores.SingleOrDefault();

    /// <inheritdoc />
    public TimeSpan TakeOver => options.Lease;

    /// <inheritdoc />
    public IReadOnlyList<Uri> Others => state.Others;

    /// <inheritdoc />
    public async ValueTask<SagaPlace> FindAsync(string sagaId, CancellationToken cancel)
    {
        if (store is null || (lease.IsHeld && sagas.Find(sagaId) is not null)) return Running;
        if (await store.FindOwnerAsync(sagaId, cancel) is not { } owner) return Known;
        // Its own is found in memory in a moment: it has just started, or is just being read.
        if (owner.Token == store.Token) return sagas.Find(sagaId) is null ? Nowhere : Running;
        return owner.Address is { } address ? new SagaPlace.Elsewhere(address) : Nowhere;
    }

    /// <inheritdoc />
    public void Announce(Uri address) => state.Address = address;
}
