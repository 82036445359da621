using Orchestrator.Contract;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// Carries the batches out: a page of each in turn, a few sagas at once, and no faster than the participants follow, so
/// that live sagas go on beside them. Where several engines share the store each sees to its own sagas, and whoever
/// took the batch in ends it; both go over with the lease.
/// </summary>
internal sealed class BatchRunner(
    IBatchStore store,
    BatchStep step,
    BatchBell bell,
    Inbox inbox,
    Lease lease,
    BatchTallies tallies,
    EngineHealth health,
    TimeProvider time,
    Log log)
{
    private readonly Dictionary<string, string> cursors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Batch, string Saga), int> tries = [];

    /// <summary>What was done of batches since the process started.</summary>
    public BatchFigures Figures => tallies.Figures;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var next = bell.Next;
                if (await TryRoundAsync(stop) is { } pause) await PauseAsync(next, pause, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left goes on with the next process.
        }
    }

    private async Task PauseAsync(Task next, TimeSpan pause, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(next, Task.Delay(pause, time, over.Token));
        over.Cancel();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>How long to wait before the next round; null when it should follow at once.</summary>
    private async Task<TimeSpan?> TryRoundAsync(CancellationToken stop)
    {
        if (health.NotReady is not null) return EngineLimits.BatchLook;
        try
        {
            var running = await store.RunningAsync(stop);
            tallies.Running(running.Count);
            if (running.Count == 0)
            {
                cursors.Clear();
                tries.Clear();
                return lease.IsShared ? EngineLimits.BatchLook : Timeout.InfiniteTimeSpan;
            }

            var goesOn = false;
            foreach (var batch in running) goesOn |= await PageAsync(batch, stop);
            return goesOn ? null : EngineLimits.BatchLook;
        }
        catch (StoreUnavailableException e)
        {
            log.BatchWaits(e.Message);
            return EngineLimits.BatchLook;
        }
    }

    /// <summary>Does a page of one batch; true when there is more to do at once.</summary>
    private async Task<bool> PageAsync(RunningBatch batch, CancellationToken stop)
    {
        var id = batch.Row.Id;
        if (batch.Open == 0) return await EndAsync(batch);
        var sagas = await store.NextAsync(id, cursors.GetValueOrDefault(id, ""), EngineLimits.BatchPage, stop);
        if (sagas.Count == 0)
        {
            // Those that had to wait are before the cursor.
            return cursors.Remove(id, out var cursor) && cursor.Length > 0 && tries.Count == 0;
        }

        cursors[id] = sagas[^1];
        var args = BatchArgs.Read(batch.Row.Args);
        var answered = 0;
        foreach (var some in sagas.Chunk(EngineLimits.BatchSagasAtOnce))
        {
            answered += await SomeAsync(batch.Row, args, some, stop);
            await PaceAsync(stop);
        }

        return answered > 0;
    }

    private async Task<int> SomeAsync(BatchRow batch, BatchArgs args, string[] sagas, CancellationToken stop)
    {
        var fates = await Task.WhenAll(sagas.Select(saga => step.DoAsync(batch, args, saga, stop)));
        var answers = new List<BatchAnswer>();
        var recorded = 0;
        foreach (var (saga, fate) in sagas.Zip(fates))
        {
            if (fate is BatchStepFate.IsRecorded) recorded++;
            if (AnswerOf(batch, saga, fate) is { } answer) answers.Add(answer);
        }

        tallies.Add(BatchFate.Accepted, recorded);
        if (answers.Count == 0) return recorded;
        var work = new BatchAnswersWork(answers);
        inbox.Post(work);
        if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
        foreach (var answer in answers) tallies.Add(answer.Fate, 1);
        return recorded + answers.Count;
    }

    private BatchAnswer? AnswerOf(BatchRow batch, string saga, BatchStepFate fate)
    {
        var key = (batch.Id, saga);
        if (fate is not BatchStepFate.Later later)
        {
            tries.Remove(key);
            return (fate as BatchStepFate.Answered)?.Answer;
        }

        // While the engine cannot write, nothing is anybody's fault.
        if (health.NotReady is not null) return null;
        var tried = tries[key] = tries.GetValueOrDefault(key) + 1;
        if (tried < EngineLimits.MaxBatchTries) return null;
        tries.Remove(key);
        return new BatchAnswer(
            batch.Id, saga, BatchFate.Failed, BatchCodes.Unavailable, later.Why,
            Instants.ToMilliseconds(time.GetUtcNow()));
    }

    private async Task<bool> EndAsync(RunningBatch batch)
    {
        if (!batch.IsOwn) return false;
        var at = Instants.ToMilliseconds(time.GetUtcNow());
        var work = new EndBatchWork(batch.Row.Id, BatchState.Done, at, null);
        inbox.Post(work);
        if (await work.Done is { } failure) throw new StoreUnavailableException(failure);
        log.BatchDone(batch.Row.Id, batch.Row.Verb, batch.Row.Actor);
        return true;
    }

    /// <summary>
    /// While many calls wait for a place, those of live sagas wait behind them; a participant that answers nobody does
    /// not hold up the batch for ever.
    /// </summary>
    private async Task PaceAsync(CancellationToken stop)
    {
        for (var i = 0; i < EngineLimits.BatchPatience; i++)
        {
            var waiting = health.Figures.Participants.Sum(participant => participant.Waiting);
            if (waiting <= EngineLimits.MaxWaitingBesideBatch) return;
            await Task.Delay(EngineLimits.BatchPause, time, stop);
        }
    }
}
