using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>Something of a batch is written, or refused; what must go on is posted again by its runner.</summary>
internal abstract class BatchWork : EngineWork
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when it is written, else why not.</summary>
    public Task<string?> Done => done.Task;

    public override void Committed() => done.TrySetResult(null);

    public override bool Failed(string text)
    {
        done.TrySetResult(text);
        return false;
    }
}

/// <summary>A batch is accepted, with the answers that are known at once.</summary>
internal sealed class NewBatchWork(
    BatchRow row, IReadOnlyList<string> sagas, IReadOnlyList<BatchAnswer> answers, AuditRow audit, StoredStart? start)
    : BatchWork
{
    public override StartKey? Key => start?.Key;

    /// <summary>What its key was used for before, once it is done; null when this was the first.</summary>
    public StoredStart? Before { get; private set; }

    public override void Add(TurnBatch batch, LiveSagas live)
    {
        Before = start is null ? null : batch.Starts.GetValueOrDefault(start.Key);
        if (Before is not null) return;
        if (start is not null)
        {
            batch.Starts.Add(start.Key, start);
            batch.Commit.Starts.Add(start);
        }

        batch.Commit.Batches.New.Add((row, sagas));
        batch.Commit.Batches.Answers.AddRange(answers);
        batch.Commit.Audits.Add(audit);
    }
}

/// <summary>What became of some sagas, where the saga's own history does not say it.</summary>
internal sealed class BatchAnswersWork(IReadOnlyList<BatchAnswer> answers) : BatchWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas) => batch.Commit.Batches.Answers.AddRange(answers);
}

/// <summary>A batch ends: everything has an answer, or somebody stops it.</summary>
internal sealed class EndBatchWork(string id, BatchState state, DateTimeOffset at, AuditRow? audit) : BatchWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        batch.Commit.Batches.Ends.Add((id, state, at));
        if (audit is not null) batch.Commit.Audits.Add(audit);
    }
}

/// <summary>Old entries of the audit list and old batches are deleted.</summary>
internal sealed class CutWork(long auditsUpTo, IReadOnlyList<string> batches) : BatchWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        batch.Commit.AuditsOutUpTo = Math.Max(batch.Commit.AuditsOutUpTo, auditsUpTo);
        batch.Commit.Batches.Purges.AddRange(batches);
    }
}
