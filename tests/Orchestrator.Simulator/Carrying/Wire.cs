using System.Net;
using System.Net.Http.Headers;

namespace Orchestrator.Simulator.Carrying;

/// <summary>What the product's HTTP caller sends on: the simulated network instead of sockets.</summary>
internal sealed class Wire(Network network) : HttpMessageHandler
{
    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answered =
            new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.UnsafeRegister(
            static (source, token) => ((TaskCompletionSource<HttpResponseMessage>)source!).TrySetCanceled(token),
            answered);
        network.Send(Read(request), response =>
        {
            if (response is null) answered.TrySetException(new HttpRequestException("the connection broke"));
            else answered.TrySetResult(Write(response));
        });
        return answered.Task;
    }

    private static SimulatedRequest Read(HttpRequestMessage request)
    {
        var headers = request.Headers.NonValidated
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())).ToList();
        byte[] body = [];
        if (request.Content is { } content)
        {
            if (content.Headers.ContentType is { } type) headers.Add(new("content-type", type.ToString()));
            using var bytes = new MemoryStream();
            content.CopyTo(bytes, null, CancellationToken.None);
            body = bytes.ToArray();
        }

        var host = request.RequestUri!.Host.Split('.', 2)[0];
        return new SimulatedRequest(request.Method.Method, host, request.RequestUri.AbsolutePath, headers, body);
    }

    private static HttpResponseMessage Write(SimulatedResponse response)
    {
        var message = new HttpResponseMessage((HttpStatusCode)response.Status)
        {
            Content = new ByteArrayContent(response.Body),
        };
        foreach (var (name, value) in response.Headers)
        {
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else if (!name.StartsWith("content-", StringComparison.OrdinalIgnoreCase))
                message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
