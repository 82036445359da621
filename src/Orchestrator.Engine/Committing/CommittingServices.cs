using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Engine.Alerting;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Endings;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>Wires what every engine shares: the commit loop and all that hangs on it.</summary>
internal static class CommittingServices
{
    /// <summary>
    /// Adds it on the store that was added beside it. The engine adds its <see cref="ISagaRunner" />, its
    /// <see cref="ISagaEngine" /> and the host that runs the loop. Throws <see cref="ArgumentException" /> for a wrong
    /// option.
    /// </summary>
    public static IServiceCollection AddCommitting(this IServiceCollection services, EngineOptions options)
    {
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISagaIds, RandomSagaIds>();
        services.AddSingleton(options);
        services.AddSingleton<Log>();
        services.AddSingleton<EngineHealth>();
        services.AddSingleton<IEngineHealth>(provider => provider.GetRequiredService<EngineHealth>());
        services.AddSingleton<Inbox>();
        services.AddSingleton<LiveSagas>();
        services.AddMeasuring();
        services.AddSingleton<TimerHeap>();
        services.AddSingleton<CatalogState>();
        services.AddSingleton<IDefinitionCatalog, DefinitionCatalog>();
        services.AddSingleton<IParticipantRegistry, ParticipantRegistry>();
        services.AddSingleton<EndingsPump>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ISagaFeed>(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxRelay>();
        services.AddSingleton<FactsBacklog>();
        services.AddSingleton<SagaFacts>();
        services.AddSingleton<Replies>();
        services.AddCalling();
        services.AddSingleton<CommitEffects>();
        services.AddSingleton<Recovery>();
        services.AddSingleton<CommitLoop>();
        services.AddSingleton<Lease>();
        services.AddSingleton<SharedChanges>();
        services.AddSingleton<Adoption>();
        services.AddSingleton<OwnerState>();
        services.AddSingleton<OwnerKeeper>();
        services.AddSingleton<ISagaOwners, SagaOwners>();
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<LoopRun>();
        services.AddSingleton<SagaReads>();
        services.AddSingleton<Starts>();
        services.AddSingleton<Reruns>();
        services.AddOperating();
        return services;
    }

    private static void AddMeasuring(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton(provider => new EngineMeter(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<LiveSagas>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddOperating(this IServiceCollection services)
    {
        services.AddSingleton<LoopKeeper>();
        services.AddSingleton<SagaMinutes>();
        services.AddSingleton<ISagaMinutes>(provider => provider.GetRequiredService<SagaMinutes>());
        services.AddSingleton<IWaitingCalls, WaitingCalls>();
        services.AddSingleton<IAuditTrail, AuditTrail>();
        services.AddSingleton<BatchBell>();
        services.AddSingleton<BatchSagas>();
        services.AddSingleton<BatchKeys>();
        services.AddSingleton<BatchTallies>();
        services.AddSingleton<BatchForecast>();
        services.AddSingleton<BatchStep>();
        services.AddSingleton<BatchRunner>();
        services.AddSingleton<IBatches, StoredBatches>();
        services.AddSingleton<AlertWatch>();
        services.AddSingleton<IAlerts>(provider => provider.GetRequiredService<AlertWatch>());
    }

    private static void AddCalling(this IServiceCollection services)
    {
        services.AddSingleton<HttpWay>();
        services.AddSingleton(WaysOf);
        services.TryAddSingleton<RecentCalls>();
        services.TryAddSingleton<IParticipantCaller, RoutingParticipantCaller>();
    }

    private static ParticipantWays WaysOf(IServiceProvider provider) => new(
        provider.GetRequiredService<HttpWay>(),
        provider.GetKeyedService<IParticipantWay>(ParticipantWays.AppKey),
        provider.GetService<IEventPublisher>() is { } publisher
            ? new PubSubWay(
                provider.GetRequiredService<Outbox>(), provider.GetRequiredService<Replies>(), publisher,
                provider.GetRequiredService<TimeProvider>())
            : null);
}
