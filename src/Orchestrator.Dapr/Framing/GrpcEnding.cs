using System.Globalization;

namespace Orchestrator.Dapr.Framing;

/// <summary>
/// How a call ended: the status and the text of the trailers, or of the headers of an answer without a body.
/// </summary>
internal readonly record struct GrpcEnding(GrpcStatus Status, string Text)
{
    private const string StatusName = "grpc-status";
    private const string TextName = "grpc-message";

    /// <summary>
    /// Reads an ending; <paramref name="value" /> looks a header up by its name. Null when there is no status: then the
    /// connection broke before the end.
    /// </summary>
    public static GrpcEnding? Read(Func<string, string?> value)
    {
        if (value(StatusName) is not { } number) return null;
        var text = PercentText.Decode(value(TextName) ?? "");
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? new GrpcEnding((GrpcStatus)status, text)
            : new GrpcEnding(
                GrpcStatus.Unknown, $"The status \"{PercentText.Shorten(number)}\" is no number. {text}".TrimEnd());
    }

    /// <summary>The ending for an HTTP status that is not 200: a proxy answered, or no gRPC server at all.</summary>
    public static GrpcEnding OfHttp(int status) => new(
        status switch
        {
            400 => GrpcStatus.Internal,
            401 => GrpcStatus.Unauthenticated,
            403 => GrpcStatus.PermissionDenied,
            404 => GrpcStatus.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
            _ => GrpcStatus.Unknown,
        },
        $"HTTP {status.ToString(CultureInfo.InvariantCulture)} instead of a gRPC answer.");
}
