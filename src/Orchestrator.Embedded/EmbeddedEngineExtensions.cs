using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Embedded.Calls;
using Orchestrator.Embedded.Catalog;
using Orchestrator.Embedded.Endings;
using Orchestrator.Engine;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded;

/// <summary>Wires the embedded engine.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>
    /// Adds <see cref="ISagaEngine" />, <see cref="IEngineHealth" />, <see cref="ISagaFeed" />, <see cref="IDefinitionCatalog" /> and
    /// <see cref="IParticipantRegistry" /> on the store added beside it, and starts and stops the engine with the host. An
    /// <see cref="IParticipantCaller" /> added before is used instead of the one over HTTP. Throws
    /// <see cref="ArgumentException" /> for a wrong option.
    /// </summary>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services, EmbeddedEngineOptions options)
    {
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<Log>();
        services.AddSingleton<EngineHealth>();
        services.AddSingleton<IEngineHealth>(provider => provider.GetRequiredService<EngineHealth>());
        services.AddSingleton<Inbox>();
        services.AddSingleton<LiveSagas>();
        services.AddSingleton<TimerHeap>();
        services.AddSingleton<CatalogState>();
        services.AddSingleton<IDefinitionCatalog, DefinitionCatalog>();
        services.AddSingleton<IParticipantRegistry, ParticipantRegistry>();
        services.TryAddSingleton<IParticipantCaller, HttpParticipantCaller>();
        services.AddSingleton<CallPump>();
        services.AddSingleton<EndingsPump>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ISagaFeed>(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<CommitEffects>();
        services.AddSingleton<Recovery>();
        services.AddSingleton<CommitLoop>();
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<ISagaEngine, EmbeddedEngine>();
        services.AddSingleton<EngineHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineHost>());
        return services;
    }
}
