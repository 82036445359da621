using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The one writer. It takes everything that is ready, folds and decides, writes all of it in one transaction, and only
/// then lets it be seen: calls go out, starts are answered. While it writes, the next batch gathers in the inbox; it
/// never waits for one to become fuller. It owns the states of all sagas.
/// </summary>
internal sealed class CommitLoop(
    Inbox inbox,
    ISagaStore store,
    LiveSagas sagas,
    CatalogState catalog,
    CommitEffects effects,
    SagaFacts facts,
    Recovery recovery,
    TimerHeap timers,
    EngineHealth health,
    EngineMeter meter,
    TimeProvider time,
    Log log) : IDisposable
{
    private readonly TurnBatch batch = new();
    private readonly WorkPile works = new(log);
    private readonly HashSet<StartKey> keys = [];
    private readonly TimerClock clock = new(time, inbox.Wake);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastCommitted;

    /// <summary>Completes once everything stored has been read; never, when that does not come to pass.</summary>
    public Task Ready => ready.Task;

    /// <summary>Runs until the inbox is closed and empty, or <paramref name="crash" /> asks to stop at once.</summary>
    public async Task RunAsync(CancellationToken crash)
    {
        try
        {
            await OpenAsync(crash);
            while (await WaitForWorkAsync(crash))
            {
                Gather();
                if (inbox.TakeLost() is { } why) await BeginAnewAsync(why, crash);
                await WriteAsync(crash);
                clock.Arm(timers.EarliestAt);
            }
        }
        catch (OperationCanceledException) when (crash.IsCancellationRequested)
        {
            // A crash leaves everything as it is.
        }
        // The loop is all there is: when it ends by a bug, the service must say so and be restarted.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            health.Die("The engine has stopped by an error of its own; it is in the log. Restart the service.");
            log.LoopBroke(e);
        }

        RefuseTheRest();
    }

    /// <inheritdoc />
    public void Dispose() => clock.Dispose();

    private async Task OpenAsync(CancellationToken crash)
    {
        while (true)
        {
            try
            {
                await ReadAsync(crash);
                health.NotReady = null;
                ready.TrySetResult();
                clock.Arm(timers.EarliestAt);
                return;
            }
            catch (StoreUnavailableException e)
            {
                Trouble(e);
                await PauseAsync(crash);
            }
        }
    }

    private Task BeginAnewAsync(string why, CancellationToken crash)
    {
        // No store answers this number: what is in memory is read anew.
        lastCommitted = long.MinValue;
        return RepairAsync(new StoreUnavailableException(why), crash);
    }

    private async ValueTask<bool> WaitForWorkAsync(CancellationToken crash)
    {
        crash.ThrowIfCancellationRequested();
        if (timers.EarliestAt <= time.GetUtcNow()) return true;
        health.Due(null);
        return await inbox.Reader.WaitToReadAsync(crash);
    }

    private void Gather()
    {
        batch.Now = time.GetUtcNow();
        health.Due(batch.Now);
        while (!works.IsFull && inbox.Reader.TryRead(out var work))
        {
            if (work is WakeWork) inbox.Awake();
            else works.Take(work);
        }

        while (!works.IsFull && timers.TryTakeDue(batch.Now, out var saga, out var timer))
            works.Take(new TimerWork(saga, timer));
    }

    /// <summary>Writes what was gathered; what must not be lost is tried until it is written.</summary>
    private async Task WriteAsync(CancellationToken crash)
    {
        while (!works.IsEmpty)
        {
            try
            {
                if (await TryWriteAsync(crash) is { } failure) await RepairAsync(failure, crash);
            }
            catch (StoreConflictException e)
            {
                if (await SetAsideAsync(e, crash) is { } failure) await RepairAsync(failure, crash);
            }
        }
    }

    /// <summary>
    /// Tries the others without the row that cannot be written; see <see cref="WorkPile.SetAside" />.
    /// </summary>
    private async Task<StoreUnavailableException?> SetAsideAsync(
        StoreConflictException conflict, CancellationToken crash)
    {
        health.CommitFailed();
        batch.Clear();
        catalog.RollBack();
        works.SetAside(conflict);
        try
        {
            if (await store.OpenAsync(crash) != lastCommitted) await ReadAsync(crash);
            // Another engine may have stored the same version first.
            await recovery.RefreshCatalogAsync(crash);
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e;
        }
    }

    private async Task<StoreUnavailableException?> TryWriteAsync(CancellationToken crash)
    {
        try
        {
            await FindStartsAsync(crash);
            works.AddTo(batch, sagas);
            batch.Seal();
            facts.AddTo(batch);
            if (batch.Commit.Rows > 0)
            {
                var since = time.GetTimestamp();
                await store.CommitAsync(batch.Commit, crash);
                lastCommitted = batch.Commit.Number;
                health.Committed(batch.Commit.Rows);
                meter.Committed(batch.Commit.Rows, time.GetElapsedTime(since));
            }
        }
        catch (StoreUnavailableException e)
        {
            return e;
        }

        Finish();
        return null;
    }

    private async ValueTask FindStartsAsync(CancellationToken crash)
    {
        keys.Clear();
        keys.UnionWith(works.Keys);
        if (keys.Count == 0) return;
        foreach (var start in await store.FindStartsAsync(keys, crash)) batch.Starts[start.Key] = start;
    }

    private void Finish()
    {
        batch.Renumber();
        effects.Apply(batch);
        catalog.Commit(batch.Commit.Participants);
        works.Committed();
        batch.Clear();
    }

    /// <summary>
    /// Nothing can be written: says so, keeps what must not be lost, and returns once the store works again.
    /// </summary>
    private async Task RepairAsync(StoreUnavailableException failure, CancellationToken crash)
    {
        health.CommitFailed();
        Trouble(failure);
        var unknown = failure.FateUnknown;
        if (unknown) works.SayUncertain(failure.Message);
        else RollBack(failure.Message);
        while (true)
        {
            await PauseAsync(crash);
            if (!unknown) KeepWhatCame(failure.Message);
            try
            {
                var last = await store.OpenAsync(crash);
                if (unknown && last == batch.Commit.Number)
                {
                    lastCommitted = last;
                    Finish();
                    break;
                }

                if (unknown) RollBack(failure.Message);
                unknown = false;
                // Somebody else's commits are in the store, or a backup was put back: what is in memory is worth
                // nothing.
                if (last != lastCommitted) await ReadAsync(crash);
                await ProbeAsync(crash);
                break;
            }
            catch (StoreUnavailableException e)
            {
                failure = e;
                Trouble(e);
            }
        }

        health.NotReady = null;
        log.StoreAvailable();
    }

    private async Task ReadAsync(CancellationToken crash)
    {
        lastCommitted = await recovery.RecoverAsync(crash);
        // What a taken over saga has for a number must not be one that counts as new.
        batch.LastNumber = sagas.All.Select(saga => saga.No).Append(lastCommitted).Append(0).Max();
    }

    /// <summary>Opening says little about writing, so a commit of nothing is written.</summary>
    private async Task ProbeAsync(CancellationToken crash)
    {
        batch.Clear();
        batch.Commit.Base = batch.LastNumber;
        batch.Commit.Number = ++batch.LastNumber;
        await store.CommitAsync(batch.Commit, crash);
        lastCommitted = batch.LastNumber = batch.Commit.Number;
        batch.Clear();
    }

    private void RollBack(string text)
    {
        batch.Clear();
        catalog.RollBack();
        works.Refuse(text);
    }

    private void KeepWhatCame(string text)
    {
        while (inbox.Reader.TryRead(out var work))
        {
            if (work is WakeWork) inbox.Awake();
            else if (work.Failed(text)) works.Take(work);
        }
    }

    private void Trouble(StoreUnavailableException failure)
    {
        if (health.NotReady == failure.Message) return;
        health.NotReady = failure.Message;
        log.StoreUnavailable(failure.Message, failure.InnerException);
    }

    private Task PauseAsync(CancellationToken crash) => Task.Delay(EngineLimits.StoreRetry, time, crash);

    private void RefuseTheRest()
    {
        inbox.Close();
        var text = health.NotReady ?? "The engine has stopped.";
        works.RefuseAll(text);
        while (inbox.Reader.TryRead(out var work)) work.Failed(text);
    }
}
