using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>Events for the broker, or events the broker has. Losing it sends something again.</summary>
internal sealed class OutboxWork(IReadOnlyList<OutboxRow> rows, IReadOnlyList<long> sent) : EngineWork
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when it is written, else why not.</summary>
    public Task<string?> Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        batch.Commit.Outbox.AddRange(rows);
        batch.Commit.OutboxSent.AddRange(sent);
    }

    public override void Committed() => done.TrySetResult(null);

    public override bool Failed(string text)
    {
        done.TrySetResult(text);
        return false;
    }
}
