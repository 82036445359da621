using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>See <see cref="ISagaIds" />: UUIDs of version 7.</summary>
internal sealed class RandomSagaIds : ISagaIds
{
    /// <inheritdoc />
    public string Next(DateTimeOffset at) => Guid.CreateVersion7(at).ToString("N");
}
