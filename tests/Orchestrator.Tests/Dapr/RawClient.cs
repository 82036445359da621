using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.Tests.Dapr;

/// <summary>How a call went: a status and its text, and the message when there was one.</summary>
internal sealed record RawReply(GrpcStatus Status, string Text, byte[]? Message);

/// <summary>
/// Sends messages as bytes, so that recorded ones go out as they were; the end of a stream is that of the items.
/// </summary>
internal sealed class RawClient(Uri address) : IDisposable
{
    private readonly HttpClient client =
        new(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true })
        {
            BaseAddress = address,
        };

    public async Task<RawReply> CallAsync(string method, byte[] message, CancellationToken cancel)
    {
        using var response = await SendAsync(method, message, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        string? Header(string name) => Values(response.TrailingHeaders, name) ?? Values(response.Headers, name);
        var status = (GrpcStatus)int.Parse(Header("grpc-status") ?? "2", CultureInfo.InvariantCulture);
        var reply = body.Length == 0 ? null : body[FrameWriter.HeaderBytes..];
        return new RawReply(status, PercentText.Decode(Header("grpc-message") ?? ""), reply);
    }

    public Task<RawReply> CallAsync(string method, IMessage message, CancellationToken cancel) =>
        CallAsync(method, message.ToByteArray(), cancel);

    /// <summary>Opens a stream and reads it into a channel until it is cut or cancelled.</summary>
    public ChannelReader<byte[]> Open(string method, byte[] message, CancellationToken cancel)
    {
        var items = Channel.CreateUnbounded<byte[]>();
        _ = PumpAsync(method, message, items.Writer, cancel);
        return items.Reader;
    }

    public void Dispose() => client.Dispose();

    private async Task PumpAsync(string method, byte[] message, ChannelWriter<byte[]> items, CancellationToken cancel)
    {
        try
        {
            using var response = await SendAsync(method, message, cancel);
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            var frames = new FrameReader(int.MaxValue);
            while (await body.ReadAsync(frames.Space(), cancel) is var count and > 0)
            {
                frames.Filled(count);
                while (frames.TryRead(out var item)) items.TryWrite(item.ToArray());
            }

            items.Complete();
        }
        catch (Exception failure)
        {
            items.Complete(failure);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string method, byte[] message, CancellationToken cancel)
    {
        var length = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(message.Length));
        var content = new ByteArrayContent([0, .. length, .. message]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, "/TaskHubSidecarService/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private static string? Values(HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;
}
