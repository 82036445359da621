namespace Orchestrator.Engine.Ports;

/// <summary>
/// What several engines on one store know of each other; there only where a store can be shared. Each engine is an
/// owner with a token of its own, given anew by <see cref="ISagaStore.OpenAsync" /> when it was taken out. Safe for any
/// number of threads; throws <see cref="StoreUnavailableException" />.
/// </summary>
public interface ISharedStore
{
    /// <summary>The token of this engine; 0 until the store is open.</summary>
    long Token { get; }

    /// <summary>Says that this engine is alive, and answers who else is.</summary>
    Task<SharedView> BeatAsync(OwnerCard card, CancellationToken cancel);

    /// <summary>
    /// Takes out the owners that have not beaten since, and takes over what they had and what else nobody owns; none of
    /// their commits is written from then on. Answers the numbers of the sagas that have not ended, none when this
    /// engine is not an owner itself.
    /// </summary>
    Task<IReadOnlyList<long>> ClaimAsync(IReadOnlyList<OwnerBeat> silent, CancellationToken cancel);

    /// <summary>Sagas of these numbers that have not ended, with their whole history.</summary>
    Task<IReadOnlyList<StoredSaga>> LoadAsync(IReadOnlyCollection<long> numbers, CancellationToken cancel);

    /// <summary>Who owns a saga; null when it has ended or there is none of that id.</summary>
    Task<SagaOwnerRow?> FindOwnerAsync(string sagaId, CancellationToken cancel);
}

/// <summary>What an engine says of itself with each beat.</summary>
/// <param name="Address">Where the others reach it; null while that is not known.</param>
/// <param name="CatalogSeen">Up to which number it knows definitions and participants.</param>
public sealed record OwnerCard(Uri? Address, long CatalogSeen);

/// <summary>The store's owners at one moment. Immutable.</summary>
/// <param name="IsOwner">False when this engine was taken out: nothing it does is written any more.</param>
/// <param name="LastNumber">The last number of all commits.</param>
/// <param name="CatalogNumber">The number of the last commit that changed definitions or participants.</param>
/// <param name="HasUnowned">An owner has left, and nobody has taken over yet what it had.</param>
/// <param name="Others">The other owners.</param>
public sealed record SharedView(
    bool IsOwner, long LastNumber, long CatalogNumber, bool HasUnowned, IReadOnlyList<OwnerBeat> Others);

/// <summary>Another owner as it was seen.</summary>
/// <param name="Token">Which.</param>
/// <param name="Beat">How often it has said that it is alive.</param>
/// <param name="CatalogSeen">Up to which number it knows definitions and participants.</param>
/// <param name="Address">Where it is reached; null while it has not said so.</param>
public sealed record OwnerBeat(long Token, long Beat, long CatalogSeen, Uri? Address);

/// <summary>Who owns a saga.</summary>
/// <param name="Token">Which; also that of one that has left.</param>
/// <param name="Address">Where it is reached; null when it has left or has not said it.</param>
public sealed record SagaOwnerRow(long Token, Uri? Address);
