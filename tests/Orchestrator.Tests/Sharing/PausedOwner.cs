using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Sharing;

/// <summary>
/// Stands between an engine and the store they share, and holds everything back while the test pauses it: to the others
/// it is as if its process were stopped.
/// </summary>
internal sealed class PausedOwner
{
    private volatile TaskCompletionSource gate = Open();

    public bool IsPaused => !gate.Task.IsCompleted;

    /// <summary>The next claim is written, and its answer lost on the way.</summary>
    public bool LosesNextClaim { get; set; }

    /// <summary>The answers to claims that were written are held back until this completes.</summary>
    public Task ClaimAnswers { get; set; } = Task.CompletedTask;

    /// <summary>Claims that were written.</summary>
    public int Claims { get; private set; }

    public void Pause() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => gate.TrySetResult();

    public ISagaStore Of(ISagaStore inner) => new Store(inner, this);

    public ISharedStore Of(ISharedStore inner) => new Shared(inner, this);

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private sealed class Store(ISagaStore inner, PausedOwner owner) : ISagaStore
    {
        public async Task<long> OpenAsync(CancellationToken cancel)
        {
            await owner.gate.Task.WaitAsync(cancel);
            return await inner.OpenAsync(cancel);
        }

        public IAsyncEnumerable<StoredSaga> LoadLiveAsync(CancellationToken cancel) => inner.LoadLiveAsync(cancel);

        public Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel) => inner.ReadAsync(sagaId, cancel);

        public Task<IReadOnlyList<StoredStart>> FindStartsAsync(
            IReadOnlyCollection<StartKey> keys, CancellationToken cancel) => inner.FindStartsAsync(keys, cancel);

        public async Task CommitAsync(StoreCommit commit, CancellationToken cancel)
        {
            await owner.gate.Task.WaitAsync(cancel);
            await inner.CommitAsync(commit, cancel);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Shared(ISharedStore inner, PausedOwner owner) : ISharedStore
    {
        public long Token => inner.Token;

        public async Task<SharedView> BeatAsync(OwnerCard card, CancellationToken cancel)
        {
            await owner.gate.Task.WaitAsync(cancel);
            return await inner.BeatAsync(card, cancel);
        }

        public async Task<IReadOnlyList<long>> ClaimAsync(IReadOnlyList<OwnerBeat> silent, CancellationToken cancel)
        {
            await owner.gate.Task.WaitAsync(cancel);
            var claimed = await inner.ClaimAsync(silent, cancel);
            owner.Claims++;
            await owner.ClaimAnswers.WaitAsync(cancel);
            if (!owner.LosesNextClaim) return claimed;
            owner.LosesNextClaim = false;
            throw new StoreUnavailableException("The connection broke.");
        }

        public Task<IReadOnlyList<StoredSaga>> LoadAsync(IReadOnlyCollection<long> numbers, CancellationToken cancel) =>
            inner.LoadAsync(numbers, cancel);

        public Task<SagaOwnerRow?> FindOwnerAsync(string sagaId, CancellationToken cancel) =>
            inner.FindOwnerAsync(sagaId, cancel);
    }
}
