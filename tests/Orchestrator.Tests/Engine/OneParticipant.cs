using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Engine;

/// <summary>A registry with one participant.</summary>
internal sealed class OneParticipant(ParticipantEntry entry) : IParticipantRegistry
{
    /// <summary>A meter that nobody listens to.</summary>
    public static EngineMeter Meter() => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
        new LiveSagas(),
        TimeProvider.System);

    public ParticipantEntry? Find(string name) => name == entry.Name ? entry : null;

    public IReadOnlyList<ParticipantEntry> List() => [entry];

    public Task PutAsync(ParticipantEntry replacement, string actor, CancellationToken cancel) =>
        throw new NotSupportedException();
}
