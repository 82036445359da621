using Orchestrator.Dapr.Framing;

namespace Orchestrator.Dapr;

/// <summary>
/// A call to the sidecar that failed: the sidecar's own words, or those for a connection that broke. The message is one
/// sentence for an operator and holds no token and no payload.
/// </summary>
internal sealed class SidecarException : Exception
{
    private const string NoInstance = "no such instance";
    private const string NotEnded = "has not yet completed";

    /// <summary>A failed call of <paramref name="method" />.</summary>
    public SidecarException(string method, GrpcStatus status, string text, Exception? cause = null)
        : base(
            $"The sidecar's {method} failed: {(text.Length == 0 ? "no reason given" : text)} ({status}, "
            + $"{(int)status}).", cause)
    {
        Method = method;
        Status = status;
        Text = text;
    }

    /// <summary>The method that was called, as the protocol names it.</summary>
    public string Method { get; }

    /// <summary>
    /// The status; <see cref="GrpcStatus.Unavailable" /> also for a broken connection,
    /// <see cref="GrpcStatus.DeadlineExceeded" /> also for our own limit, <see cref="GrpcStatus.Internal" /> also for
    /// an answer that cannot be read.
    /// </summary>
    public GrpcStatus Status { get; }

    /// <summary>
    /// The sidecar's text, decoded and at most <see cref="DaprLimits.MaxErrorText" /> characters; may be empty.
    /// </summary>
    public string Text { get; }

    /// <summary>
    /// Whether the same call may go well later: the sidecar is away, not ready, slow, or gave it up. It may have been
    /// carried out all the same.
    /// </summary>
    public bool IsRetriable =>
        Status is GrpcStatus.Canceled or GrpcStatus.DeadlineExceeded or GrpcStatus.FailedPrecondition
        or GrpcStatus.Unavailable;

    /// <summary>A start whose id belongs to an instance that has not ended.</summary>
    public bool IsAlreadyRunning => Status == GrpcStatus.AlreadyExists;

    /// <summary>
    /// A verb for an instance the sidecar does not know. It says so with a status of no meaning and this text.
    /// </summary>
    public bool IsNoSuchInstance => Status == GrpcStatus.NotFound
        || (Status == GrpcStatus.Unknown && Text.Contains(NoInstance, StringComparison.OrdinalIgnoreCase));

    /// <summary>A purge of an instance that has not ended.</summary>
    public bool IsNotEnded =>
        Status == GrpcStatus.Unknown && Text.Contains(NotEnded, StringComparison.OrdinalIgnoreCase);
}
