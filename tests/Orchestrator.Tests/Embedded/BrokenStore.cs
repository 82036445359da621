using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Embedded;

/// <summary>A store in front of the real one that fails when a test says so.</summary>
internal sealed class BrokenStore(ISagaStore inner) : ISagaStore
{
    /// <summary>What the next commits fail with, until it is null again.</summary>
    public volatile string? FailsWith;

    /// <summary>The next commit is written, but says it does not know.</summary>
    public volatile bool WritesAndDoesNotKnow;

    /// <summary>The next commit is not written, and says it does not know.</summary>
    public volatile bool DropsAndDoesNotKnow;

    /// <summary>The next commits meet a bug of our own.</summary>
    public volatile bool HasBug;

    /// <summary>Turns per commit, in order.</summary>
    public List<int> TurnsPerCommit { get; } = [];

    /// <summary>Held while a test wants commits to wait.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    public Task<long> OpenAsync(CancellationToken cancel) => FailsWith is { } text
        ? throw new StoreUnavailableException(text)
        : inner.OpenAsync(cancel);

    public IAsyncEnumerable<StoredSaga> LoadLiveAsync(CancellationToken cancel) => inner.LoadLiveAsync(cancel);

    public Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel) => inner.ReadAsync(sagaId, cancel);

    public Task<IReadOnlyList<StoredStart>> FindStartsAsync(
        IReadOnlyCollection<StartKey> keys, CancellationToken cancel) =>
        inner.FindStartsAsync(keys, cancel);

    /// <summary>True while a commit waits for the gate.</summary>
    public volatile bool IsWaitedFor;

    public async Task CommitAsync(StoreCommit commit, CancellationToken cancel)
    {
        IsWaitedFor = Gate.CurrentCount == 0;
        await Gate.WaitAsync(cancel);
        IsWaitedFor = false;
        Gate.Release();
        if (HasBug) throw new InvalidOperationException("A bug.");
        if (FailsWith is { } text) throw new StoreUnavailableException(text);
        if (DropsAndDoesNotKnow)
        {
            DropsAndDoesNotKnow = false;
            throw new StoreUnavailableException("dropped") { FateUnknown = true };
        }

        await inner.CommitAsync(commit, cancel);
        TurnsPerCommit.Add(commit.Turns.Count);
        if (!WritesAndDoesNotKnow) return;
        WritesAndDoesNotKnow = false;
        throw new StoreUnavailableException("written, perhaps") { FateUnknown = true };
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
