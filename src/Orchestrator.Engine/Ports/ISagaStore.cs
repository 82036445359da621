namespace Orchestrator.Engine.Ports;

/// <summary>
/// The port that writes and reloads sagas. Either one engine uses the store at a time, or each of several has sagas of
/// its own in it: <see cref="OpenAsync" /> sees to that. Everything but <see cref="ReadAsync" /> is called by one
/// caller at a time; <see cref="ReadAsync" /> by any number of threads, and it never waits for a commit. Disposing lets
/// go of the store without writing anything.
/// </summary>
public interface ISagaStore : IAsyncDisposable
{
    /// <summary>
    /// Takes the store, or a share of it, for this engine, brings its schema up to date and answers the number of this
    /// engine's last commit: 0 or less when it has none. Calling it again after a failure reopens what broke; another
    /// answer than the number of the last commit says that what the engine knows is not true any more. Throws
    /// <see cref="StoreInUseException" /> when another engine has the store, else
    /// <see cref="StoreUnavailableException" />.
    /// </summary>
    Task<long> OpenAsync(CancellationToken cancel);

    /// <summary>Every saga of this engine that has not ended, with its whole history, oldest start first.</summary>
    IAsyncEnumerable<StoredSaga> LoadLiveAsync(CancellationToken cancel);

    /// <summary>One saga, ended or not, or null when there is none of that id.</summary>
    Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel);

    /// <summary>The starts recorded under these keys; a key that is not known is left out.</summary>
    Task<IReadOnlyList<StoredStart>> FindStartsAsync(IReadOnlyCollection<StartKey> keys, CancellationToken cancel);

    /// <summary>
    /// Writes a commit: all of it, on disk, or nothing. A turn whose first seq is already taken, or a start key or a
    /// saga id that is already used, fails it with <see cref="StoreConflictException" />; <see cref="OpenAsync" />
    /// comes before the next one. A number not above the last one, and whatever else is wrong, is a
    /// <see cref="StoreUnavailableException" />; when its <see cref="StoreUnavailableException.FateUnknown" /> is set,
    /// the number <see cref="OpenAsync" /> answers next tells whether it was written.
    /// </summary>
    Task CommitAsync(StoreCommit commit, CancellationToken cancel);
}

/// <summary>
/// A saga as it is stored: its turns in order, each the bytes of <see cref="Core.History.SagaEventJson" />.
/// </summary>
/// <param name="No">Number of the saga, the number of its first turn.</param>
/// <param name="Id">Its id.</param>
/// <param name="Definition">Its definition.</param>
/// <param name="DefinitionVersion">The version it stays on.</param>
/// <param name="Turns">The history.</param>
public sealed record StoredSaga(
    long No, string Id, string Definition, int DefinitionVersion, IReadOnlyList<ReadOnlyMemory<byte>> Turns);

/// <summary>An idempotency key within its definition.</summary>
public readonly record struct StartKey(string Definition, string Key);

/// <summary>What a key was used for: <paramref name="Digest" /> is the digest of that request.</summary>
public sealed record StoredStart(StartKey Key, ReadOnlyMemory<byte> Digest, string SagaId);
