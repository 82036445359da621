using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Embedded.Calls;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>Wires the embedded engine.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>
    /// Adds <see cref="ISagaEngine" />, <see cref="IEngineHealth" />, <see cref="ISagaFeed" />,
    /// <see cref="IDefinitionCatalog" /> and <see cref="IParticipantRegistry" /> on the store added beside it, and
    /// starts and stops the engine with the host. An <see cref="IParticipantCaller" /> added before is used instead of
    /// the one that knows every way. Throws <see cref="ArgumentException" /> for a wrong option.
    /// </summary>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddCommitting(options);
        services.AddSingleton<Log>();
        services.AddSingleton<CallPump>();
        services.AddSingleton<ISagaRunner, EmbeddedRunner>();
        services.AddSingleton<ISagaEngine, EmbeddedEngine>();
        services.AddSingleton<EngineHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineHost>());
        return services;
    }
}
