using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Calling;

/// <summary>The ways there are in this process.</summary>
/// <param name="Direct">To a url.</param>
/// <param name="App">To a Dapr application, or null without a sidecar.</param>
/// <param name="PubSub">Over the broker, or null without a sidecar.</param>
public sealed record ParticipantWays(IParticipantWay Direct, IParticipantWay? App, IParticipantWay? PubSub)
{
    /// <summary>Key of the service that is the way to Dapr applications.</summary>
    public const string AppKey = "app";
}
