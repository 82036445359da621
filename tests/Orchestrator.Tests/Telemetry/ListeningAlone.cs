namespace Orchestrator.Tests.Telemetry;

/// <summary>
/// Whoever listens to spans hears those of the whole process and changes what goes over its wires, so these stories run
/// alone, after all others.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListeningAlone
{
    public const string Name = "Listening alone";
}
