using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Dapr;

/// <summary>A store in front of the real one that says so many times that a rule of it is broken.</summary>
internal sealed class RefusingStore(ISagaStore inner) : ISagaStore
{
    private int refuses;

    /// <summary>So many commits with turns in them are refused.</summary>
    public int Refuses
    {
        get => Volatile.Read(ref refuses);
        set => Volatile.Write(ref refuses, value);
    }

    public Task<long> OpenAsync(CancellationToken cancel) => inner.OpenAsync(cancel);

    public IAsyncEnumerable<StoredSaga> LoadLiveAsync(CancellationToken cancel) => inner.LoadLiveAsync(cancel);

    public Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel) => inner.ReadAsync(sagaId, cancel);

    public Task<IReadOnlyList<StoredStart>> FindStartsAsync(
        IReadOnlyCollection<StartKey> keys, CancellationToken cancel) => inner.FindStartsAsync(keys, cancel);

    public Task CommitAsync(StoreCommit commit, CancellationToken cancel)
    {
        if (commit.Turns.Count == 0 || Refuses == 0) return inner.CommitAsync(commit, cancel);
        Refuses--;
        throw new StoreConflictException("refused by the test", new InvalidOperationException());
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
