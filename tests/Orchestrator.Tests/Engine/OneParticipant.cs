using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Engine;

/// <summary>A registry with one participant.</summary>
internal sealed class OneParticipant(ParticipantEntry entry) : IParticipantRegistry
{
    public ParticipantEntry? Find(string name) => name == entry.Name ? entry : null;

    public IReadOnlyList<ParticipantEntry> List() => [entry];

    public Task PutAsync(ParticipantEntry replacement, string actor, CancellationToken cancel) =>
        throw new NotSupportedException();
}
