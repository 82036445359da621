using Orchestrator.Dapr.Framing;

namespace Orchestrator.Dapr.Connecting;

/// <summary>A call that ended with a status other than OK; never leaves the transport.</summary>
internal sealed class EndingException(GrpcEnding ending) : Exception(ending.Text)
{
    public GrpcEnding Ending { get; } = ending;
}
