using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.Dapr.Connecting;

/// <summary>gRPC calls over HTTP/2, with or without TLS. Throws nothing but <see cref="SidecarException" /> and, when
/// the caller gave up, <see cref="OperationCanceledException" />. Thread-safe.</summary>
internal sealed class SidecarTransport : IDisposable
{
    private const string Service = "/TaskHubSidecarService/";
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");
    private readonly HttpClient client;
    private readonly DaprOptions options;
    private readonly TimeProvider time;

    public SidecarTransport(DaprOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        client = new HttpClient(Handler()) { BaseAddress = options.GrpcEndpoint, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>One message there, one back, within <paramref name="timeout" />.</summary>
    public async Task<TReply> CallAsync<TReply>(
        string method, IMessage request, MessageParser<TReply> parser, TimeSpan timeout, CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var response = await SendAsync(method, request, timeout, both.Token);
            return await SingleAsync(response, parser, both.Token);
        }
        catch (Exception cause) when (CallFailures.IsOfTheCall(cause, cancel))
        {
            throw CallFailures.Translate(method, cause, limit.Token);
        }
    }

    /// <summary>
    /// One message there, any number back, without a limit of time. What is too large or cannot be read is told to
    /// <paramref name="skipped" /> and left out: the stream would break at the same message again and again.
    /// </summary>
    public async IAsyncEnumerable<TReply> StreamAsync<TReply>(
        string method, IMessage request, MessageParser<TReply> parser, Action<SkippedMessage> skipped,
        [EnumeratorCancellation] CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        await using var messages = OpenAsync(method, request, parser, skipped, cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            try
            {
                if (!await messages.MoveNextAsync()) yield break;
            }
            catch (Exception cause) when (CallFailures.IsOfTheCall(cause, cancel))
            {
                throw CallFailures.Translate(method, cause, CancellationToken.None);
            }

            yield return messages.Current;
        }
    }

    public void Dispose() => client.Dispose();

    private async IAsyncEnumerable<TReply> OpenAsync<TReply>(
        string method, IMessage request, MessageParser<TReply> parser, Action<SkippedMessage> skipped,
        [EnumeratorCancellation] CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        using var response = await SendAsync(method, request, null, cancel);
        await foreach (var message in MessagesAsync(response, parser, skipped, cancel)) yield return message;
    }

    private async Task<TReply> SingleAsync<TReply>(
        HttpResponseMessage response, MessageParser<TReply> parser, CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        TReply? reply = null;
        await foreach (var message in MessagesAsync(response, parser, null, cancel))
        {
            if (reply is not null)
                throw new FramingException(GrpcStatus.Internal, "The answer holds more than one message.");
            reply = message;
        }

        return reply ?? throw new FramingException(GrpcStatus.Internal, "The answer holds no message.");
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, IMessage message, TimeSpan? timeout, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Service + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(FrameWriter.Write(message, options.MaxMessageBytes))
            {
                Headers = { ContentType = Grpc },
            },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (timeout is { } limit) request.Headers.Add("grpc-timeout", GrpcTimeout.Write(limit));
        if (options.ApiToken is { } token) request.Headers.Add("dapr-api-token", token);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async IAsyncEnumerable<TReply> MessagesAsync<TReply>(
        HttpResponseMessage response, MessageParser<TReply> parser, Action<SkippedMessage>? skipped,
        [EnumeratorCancellation] CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        CheckHead(response);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var frames = new FrameReader(
            options.MaxReceivedBytes,
            skipped is null ? null : (bytes, head) => skipped(new SkippedMessage(bytes, head, true, TooLarge())));
        while (await body.ReadAsync(frames.Space(), cancel) is var count and > 0)
        {
            frames.Filled(count);
            while (frames.TryRead(out var message))
                if (Parse(parser, message, skipped) is { } read)
                    yield return read;
        }

        // The status comes first: an error that was told explains a message that was cut off.
        Check(GrpcEnding.Read(name => One(response.TrailingHeaders, name)), response);
        frames.End();
    }

    private string TooLarge() => $"more than the {options.MaxReceivedBytes} that are taken";

    private static TReply? Parse<TReply>(
        MessageParser<TReply> parser, ReadOnlyMemory<byte> message, Action<SkippedMessage>? skipped)
        where TReply : class, IMessage<TReply>
    {
        try
        {
            return parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException e) when (skipped is not null)
        {
            var head = message[..Math.Min(message.Length, DaprLimits.HeadBytes)];
            skipped(new SkippedMessage(message.Length, head, false, $"not to be read: {e.Message}"));
            return null;
        }
    }

    private static void CheckHead(HttpResponseMessage response)
    {
        if (GrpcEnding.Read(name => One(response.Headers, name)) is { Status: not GrpcStatus.Ok } early)
            throw new EndingException(early);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new EndingException(GrpcEnding.OfHttp((int)response.StatusCode));
        if (response.Content.Headers.ContentType?.MediaType is { } type
            && type.StartsWith("application/grpc", StringComparison.Ordinal))
            return;
        throw new FramingException(
            GrpcStatus.Internal,
            $"{response.RequestMessage?.RequestUri?.Authority} answers, but not in gRPC: is it the sidecar's gRPC "
            + "port?");
    }

    private static void Check(GrpcEnding? trailers, HttpResponseMessage response)
    {
        var ending = trailers ?? GrpcEnding.Read(name => One(response.Headers, name));
        if (ending is not { } known)
            throw new FramingException(GrpcStatus.Unavailable, "The answer ended without a status.");
        if (known.Status != GrpcStatus.Ok) throw new EndingException(known);
    }

    private static string? One(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    private static SocketsHttpHandler Handler() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = DaprLimits.ConnectTimeout,
        KeepAlivePingDelay = DaprLimits.PingEvery,
        KeepAlivePingTimeout = DaprLimits.PingTimeout,
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy of the environment is for the way out, not for the sidecar.
        UseProxy = false,
    };
}
