namespace Orchestrator.Service.Hosting;

/// <summary>What <c>Orchestrator:*</c> configures, checked. Immutable.</summary>
/// <param name="DataFolder">Full path of the folder of the embedded database.</param>
/// <param name="DefinitionsFolder">Full path of the folder of definition files, or null.</param>
/// <param name="RetainCompleted">How long a completed saga stays readable after its end.</param>
/// <param name="RetainCompensated">How long a compensated one does.</param>
internal sealed record ServiceSettings(
    string DataFolder, string? DefinitionsFolder, TimeSpan RetainCompleted, TimeSpan RetainCompensated)
{
    /// <summary>Where the service listens when no address is configured: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";
}
