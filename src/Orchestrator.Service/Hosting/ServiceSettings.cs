using Orchestrator.Dapr;
using Orchestrator.Engine;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Hosting;

/// <summary>What <c>Orchestrator:*</c> configures, checked. Immutable.</summary>
/// <param name="DataFolder">Full path of the folder of the embedded database.</param>
/// <param name="DefinitionsFolder">Full path of the folder of definition files, or null.</param>
/// <param name="RetainCompleted">How long a completed saga stays readable after its end.</param>
/// <param name="RetainCompensated">How long a compensated one does.</param>
/// <param name="RetainAudit">How long the audit list keeps an entry, and an ended batch stays readable.</param>
/// <param name="Store">Which database the engine stores in.</param>
/// <param name="Sharing">How it lives with other orchestrators on the same database.</param>
/// <param name="Dapr">The sidecar of the Dapr engine; null for the embedded one.</param>
/// <param name="Security">Who may ask for what.</param>
/// <param name="Alerts">Whom to tell when a saga wants a person.</param>
internal sealed record ServiceSettings(
    string DataFolder,
    string? DefinitionsFolder,
    TimeSpan RetainCompleted,
    TimeSpan RetainCompensated,
    TimeSpan RetainAudit,
    StoreSettings Store,
    SharingSettings Sharing,
    DaprOptions? Dapr,
    SecuritySettings Security,
    AlertOptions Alerts)
{
    /// <summary>The engine that needs nothing else.</summary>
    public const string EmbeddedEngine = "embedded";

    /// <summary>The engine on Dapr Workflow.</summary>
    public const string DaprEngine = "dapr";

    /// <summary>Where the service listens when no address is configured: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The engine, as it is configured.</summary>
    public string Engine => Dapr is null ? EmbeddedEngine : DaprEngine;

    /// <summary>Where it stores, for people; without any secret.</summary>
    public string Place => Store.ConnectionString is null
        ? DataFolder
        : $"the {Store.Kind} database of Orchestrator:ConnectionString";
}
