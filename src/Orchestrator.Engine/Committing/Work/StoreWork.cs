using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>Deletes finished sagas: an operator's delete, or a part of a sweep.</summary>
/// <param name="ids">Which.</param>
/// <param name="audit">What the audit list says of an operator's delete.</param>
/// <param name="batch">The batch it belongs to.</param>
internal sealed class PurgeWork(IReadOnlyList<string> ids, AuditRow? audit = null, string? batch = null) : EngineWork
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when it is written, else why not.</summary>
    public Task<string?> Done => done.Task;

    public override void Add(TurnBatch into, LiveSagas sagas)
    {
        foreach (var id in ids)
        {
            if (sagas.Find(id) is not null) continue;
            sagas.ForgetLingering(id);
            into.Commit.Purges.Add(id);
            if (audit is not null) into.Commit.Audits.Add(audit);
            if (batch is not null)
                into.Commit.Batches.Answers.Add(
                    new BatchAnswer(batch, id, BatchFate.Accepted, null, null, audit?.At ?? into.Now));
        }
    }

    public override void Committed() => done.TrySetResult(null);

    public override bool Failed(string text)
    {
        done.TrySetResult(text);
        return false;
    }
}

/// <summary>A participant was told endings. Losing it only tells them again.</summary>
internal sealed class CursorWork(EndingCursor cursor, long toldUpTo) : EngineWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        batch.Commit.Cursors.Add(cursor);
        batch.Commit.EndingsToldUpTo = Math.Max(batch.Commit.EndingsToldUpTo, toldUpTo);
    }

    public override bool Failed(string text) => false;
}
