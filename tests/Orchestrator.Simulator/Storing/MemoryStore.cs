using System.Runtime.CompilerServices;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Storing;

/// <summary>
/// A process's store on the disk. Writing takes time; it fails, is written and fails all the same, or kills the process
/// before or after it.
/// </summary>
internal sealed class MemoryStore(MemoryDisk disk, SimulatedProcess process, World world)
    : ISagaStore, IHousekeepingStore, ISagaQueries
{
    /// <inheritdoc />
    public Task<long> OpenAsync(CancellationToken cancel) => ReadAsync(() => disk.LastNumber);

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredSaga> LoadLiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var saga in disk.Sagas.Where(saga => !saga.IsClosed).ToList())
            yield return await ReadAsync(saga.Stored);
    }

    /// <inheritdoc />
    public Task<StoredSaga?> ReadAsync(string sagaId, CancellationToken cancel) =>
        ReadAsync(() => disk.Find(sagaId)?.Stored());

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredStart>> FindStartsAsync(
        IReadOnlyCollection<StartKey> keys, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<StoredStart>>(() => [.. keys.Select(disk.FindStart).OfType<StoredStart>()]);

    /// <inheritdoc />
    public async Task CommitAsync(StoreCommit commit, CancellationToken cancel)
    {
        await PauseAsync();
        FailIfAway();
        var fate = world.Faults.FateOfCommit();
        if (fate is CommitFate.Written or CommitFate.WrittenButFails or CommitFate.WrittenThenKilled)
        {
            disk.Write(commit);
            world.Truth.Written(commit, disk);
        }

        if (fate != CommitFate.Written) world.Journal.Note($"{process.Name} commit {commit.Number} {fate}");
        switch (fate)
        {
            case CommitFate.Written:
                await PauseAsync();
                return;
            case CommitFate.Fails or CommitFate.WrittenButFails:
                throw new StoreUnavailableException("the disk failed")
                {
                    FateUnknown = fate == CommitFate.WrittenButFails || world.Dice.Chance(0.5),
                };
            default:
                world.Kill(process);
                // Nobody is left to hear of it.
                await new TaskCompletionSource().Task;
                return;
        }
    }

    /// <inheritdoc />
    public Task<StoredCatalog> LoadCatalogAsync(CancellationToken cancel) => ReadAsync(disk.Catalog);

    /// <inheritdoc />
    public Task<IReadOnlyList<EndingRow>> ReadEndingsAsync(long after, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.Endings(after, limit));

    /// <inheritdoc />
    public Task<IReadOnlyList<EndingCursor>> ReadCursorsAsync(CancellationToken cancel) => ReadAsync(disk.Cursors);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindEndedAsync(
        SagaOutcome outcome, DateTimeOffset endedBefore, int limit, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<string>>(() =>
        [
            .. disk.Sagas
                .Where(saga => saga.IsClosed && saga.Summary.Outcome == outcome && saga.Summary.EndedAt < endedBefore)
                .Select(saga => saga.Id).Take(limit),
        ]);

    /// <inheritdoc />
    public Task<IReadOnlyList<WaitingEvent>> ReadOutboxAsync(long after, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.Events(after, limit));

    /// <inheritdoc />
    public Task<SagaPage> ListAsync(SagaFilter filter, CancellationToken cancel) => throw Unused();

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaCount>> CountAsync(CancellationToken cancel) => throw Unused();

    /// <inheritdoc />
    public Task<SagaAttention> AttentionAsync(DateTimeOffset now, CancellationToken cancel) => throw Unused();

    /// <inheritdoc />
    public Task<IReadOnlyList<VersionCount>> CountVersionsAsync(string definition, CancellationToken cancel) =>
        throw Unused();

    /// <inheritdoc />
    public Task<IReadOnlyList<MinuteFigures>> CountMinutesAsync(DateTimeOffset from, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<MinuteFigures>>([]);

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaEvent>?> HistoryAsync(string sagaId, CancellationToken cancel) => throw Unused();

    /// <inheritdoc />
    public Task<IReadOnlyList<SagaChange>> ChangesAsync(
        long after, string? sagaId, int limit, CancellationToken cancel) => throw Unused();

    /// <inheritdoc />
    public Task<StoredStart?> FindStartAsync(StartKey key, CancellationToken cancel) =>
        ReadAsync(() => disk.FindStart(key));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Unused() => new("Nobody lists anything in a simulated world.");

    private async Task<T> ReadAsync<T>(Func<T> read)
    {
        if (world.Dice.Chance(0.3)) await PauseAsync();
        FailIfAway();
        return read();
    }

    private void FailIfAway()
    {
        if (world.Faults.StoreIsAway()) throw new StoreUnavailableException("the disk is away");
    }

    /// <summary>The time a disk takes; whoever waits may be another part of the process than who goes on.</summary>
    private Task PauseAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Agenda.After(world.Faults.DiskDelay(), process, done.SetResult);
        return done.Task;
    }
}
