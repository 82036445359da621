using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.StandIn.Serving;

/// <summary>One gRPC call as Kestrel hands it over.</summary>
internal sealed class GrpcCall(HttpContext context)
{
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The one message of the request; a message that is too large or none at all is refused.</summary>
    public async Task<T> ReadAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        var frames = new FrameReader(MaxMessageBytes);
        while (await context.Request.Body.ReadAsync(frames.Space(), Aborted) is var count and > 0)
        {
            frames.Filled(count);
            if (frames.TryRead(out var message)) return parser.ParseFrom(message.Span);
        }

        throw new FramingException(GrpcStatus.Internal, "The request holds no message.");
    }

    public void Begin()
    {
        // Some clients ask for a longer name of the same thing and want it back.
        context.Response.ContentType = context.Request.ContentType;
    }

    public async Task SendAsync(IMessage message)
    {
        await context.Response.BodyWriter.WriteAsync(FrameWriter.Write(message, int.MaxValue), Aborted);
        await context.Response.BodyWriter.FlushAsync(Aborted);
    }

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.BodyWriter.WriteAsync(bytes, Aborted);
        await context.Response.BodyWriter.FlushAsync(Aborted);
    }

    /// <summary>The status: in the trailers, or in the headers when nothing was sent before.</summary>
    public void End(GrpcStatus status, string text)
    {
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (context.Response.HasStarted)
        {
            context.Response.AppendTrailer("grpc-status", number);
            context.Response.AppendTrailer("grpc-message", PercentText.Encode(text));
            return;
        }

        context.Response.Headers["grpc-status"] = number;
        context.Response.Headers["grpc-message"] = PercentText.Encode(text);
    }

    /// <summary>Breaks the call off as a lost connection would.</summary>
    public void Abort() => context.Abort();
}
