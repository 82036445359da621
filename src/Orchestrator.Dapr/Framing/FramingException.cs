namespace Orchestrator.Dapr.Framing;

/// <summary>The bytes are no gRPC: what is wrong with them, and the status that stands for it.</summary>
internal sealed class FramingException(GrpcStatus status, string message) : Exception(message)
{
    /// <summary>
    /// <see cref="GrpcStatus.Internal" /> for garbage, <see cref="GrpcStatus.ResourceExhausted" /> for a message that
    /// is too large, <see cref="GrpcStatus.Unavailable" /> for one that was cut off.
    /// </summary>
    public GrpcStatus Status { get; } = status;
}
