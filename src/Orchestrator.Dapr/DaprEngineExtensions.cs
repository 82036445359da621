using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Dapr.Running;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr;

/// <summary>Wires the engine on Dapr Workflow.</summary>
public static class DaprEngineExtensions
{
    /// <summary>
    /// Adds <see cref="ISagaEngine" />, <see cref="IEngineHealth" />, <see cref="ISagaFeed" />,
    /// <see cref="IDefinitionCatalog" /> and <see cref="IParticipantRegistry" /> on the sidecar and on the store added
    /// beside it, and starts and stops the engine with the host. An <see cref="IParticipantCaller" /> added before is
    /// used instead of the one that knows every way. Throws <see cref="ArgumentException" /> for a wrong option.
    /// </summary>
    public static IServiceCollection AddDaprEngine(
        this IServiceCollection services, DaprOptions dapr, EngineOptions options)
    {
        dapr.Validate();
        services.AddCommitting(options);
        services.AddSingleton(dapr);
        services.AddSingleton<Log>();
        services.AddSingleton<SidecarConnection>();
        services.AddSingleton<InstanceFolds>();
        services.AddSingleton<TurnTaker>();
        services.AddSingleton<SagaInstances>();
        services.AddSingleton<TakeOvers>();
        services.AddSingleton<LeftOutWork>();
        services.AddSingleton<InstancePurges>();
        services.AddSingleton<RaisedVerbs>();
        services.AddSingleton<CallRunner>();
        services.AddSingleton<ISagaRunner, DaprRunner>();
        services.AddSingleton<WorkItemPump>();
        services.AddSingleton<SagaSweep>();
        services.AddSingleton<ISagaEngine, DaprEngine>();
        services.AddSingleton<DaprHost>();
        services.AddHostedService(provider => provider.GetRequiredService<DaprHost>());
        return services;
    }
}
