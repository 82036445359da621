using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Dapr.Calling;
using Orchestrator.Dapr.Publishing;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr;

/// <summary>Wires the HTTP side of a sidecar.</summary>
public static class SidecarHttpExtensions
{
    /// <summary>
    /// Adds the way to Dapr applications and the publisher of events. With them participants with <c>app</c> and
    /// <c>via: pubsub</c> are reached, and facts of sagas are told.
    /// </summary>
    public static IServiceCollection AddSidecarHttp(this IServiceCollection services, SidecarHttpOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IEventPublisher, SidecarPublisher>();
        services.AddKeyedSingleton<IParticipantWay, AppWay>(ParticipantWays.AppKey);
        return services;
    }
}
