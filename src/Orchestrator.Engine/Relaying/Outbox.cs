using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Relaying;

/// <summary>Writes to the outbox through the commit loop. Safe for any number of threads.</summary>
internal sealed class Outbox(Inbox inbox)
{
    /// <summary>Writes a row; null once it is on disk, else why it is not.</summary>
    public Task<string?> AddAsync(OutboxRow row) => PostAsync(new OutboxWork([row], []));

    /// <summary>Deletes rows the broker has; null once that is on disk, else why it is not.</summary>
    public Task<string?> SentAsync(IReadOnlyList<long> seqs) => PostAsync(new OutboxWork([], seqs));

    private Task<string?> PostAsync(OutboxWork work)
    {
        inbox.Post(work);
        return work.Done;
    }
}
