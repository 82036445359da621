using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.Dapr.Connecting;

/// <summary>Turns whatever goes wrong in a call into one kind of exception.</summary>
internal static class CallFailures
{
    /// <summary>
    /// False when the exception is to go on as it is: the caller gave up, or it is an error of our own. What the other
    /// side said stays a failure of the call, also when the caller gives up in the same moment.
    /// </summary>
    public static bool IsOfTheCall(Exception cause, CancellationToken caller) => cause switch
    {
        EndingException or FramingException or InvalidProtocolBufferException => true,
        HttpRequestException or IOException or SocketException => true,
        OperationCanceledException => !caller.IsCancellationRequested,
        _ => false,
    };

    /// <summary>What to throw for a failure of the call.</summary>
    public static SidecarException Translate(string method, Exception cause, CancellationToken limit)
    {
        if (limit.IsCancellationRequested && cause is OperationCanceledException or IOException or HttpRequestException)
            return new SidecarException(method, GrpcStatus.DeadlineExceeded, "It did not answer in time.", cause);
        return cause switch
        {
            EndingException { Ending: var ending } => new SidecarException(method, ending.Status, ending.Text),
            FramingException framing => new SidecarException(method, framing.Status, framing.Message, cause),
            InvalidProtocolBufferException => new SidecarException(
                method, GrpcStatus.Internal, "A message of the answer cannot be read.", cause),
            OperationCanceledException { InnerException: TimeoutException } => new SidecarException(
                method, GrpcStatus.Unavailable, "It could not be reached in time.", cause),
            HttpRequestException or IOException or SocketException => new SidecarException(
                method, GrpcStatus.Unavailable, Words(cause), cause),
            // HTTP/2 resets a stream by "cancel" also when it was the other side that did.
            OperationCanceledException =>
                new SidecarException(method, GrpcStatus.Canceled, "The other side gave the call up.", cause),
            _ => throw new UnreachableException($"A failure of {method} is not known: {cause.GetType()}."),
        };
    }

    private static string Words(Exception cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "It cannot be reached.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "No TLS connection could be made.",
        HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } =>
            "It does not speak HTTP/2.",
        HttpProtocolException => "It broke the rules of HTTP/2 or reset the call.",
        _ => "The connection broke.",
    };
}
