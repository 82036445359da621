using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Catalog;

/// <summary>See <see cref="IParticipantRegistry" />.</summary>
internal sealed class ParticipantRegistry(CatalogState state, Inbox inbox, OwnerState owners, Log log)
    : IParticipantRegistry
{
    /// <inheritdoc />
    public ParticipantEntry? Find(string name) => state.Current.Participants.GetValueOrDefault(name);

    /// <inheritdoc />
    public IReadOnlyList<ParticipantEntry> List() => [.. state.Current.Participants.Values];

    /// <inheritdoc />
    public async Task PutAsync(ParticipantEntry entry, string actor, CancellationToken cancel)
    {
        if (entry.Concurrency is < 1 or > ParticipantEntry.MaxConcurrency)
            throw new ArgumentException($"Concurrency must be 1 to {ParticipantEntry.MaxConcurrency}.", nameof(entry));
        var work = new PutParticipantWork(state, entry, actor);
        inbox.Post(work);
        await work.Done.WaitAsync(cancel);
        await owners.EverybodyKnowsAsync(cancel);
        log.ParticipantPut(entry.Name, actor);
    }
}
