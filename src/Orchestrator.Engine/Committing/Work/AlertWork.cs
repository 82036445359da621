using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>
/// Alerts that open or are cleared, or how far a target was told. Losing it finds or tells the same again.
/// </summary>
internal sealed class AlertWork(IReadOnlyList<AlertRow> rows, AlertCursor? cursor, long toldUpTo) : EngineWork
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when it is written, else why not.</summary>
    public Task<string?> Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        batch.Commit.Alerts.AddRange(rows);
        if (cursor is not null) batch.Commit.AlertCursors.Add(cursor);
        batch.Commit.AlertsToldUpTo = Math.Max(batch.Commit.AlertsToldUpTo, toldUpTo);
    }

    public override void Committed() => done.TrySetResult(null);

    public override bool Failed(string text)
    {
        done.TrySetResult(text);
        return false;
    }
}
