using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;

namespace Orchestrator.Participant.PubSub;

/// <summary>Publishes events through the sidecar's HTTP API. Safe for any number of threads.</summary>
internal sealed class SidecarPublisher(SubscriptionSettings settings) : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ParticipantLimits.PublishTimeout,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Publishes one event. Never throws: what went wrong is in the answer.</summary>
    internal async Task<Publishing> PublishAsync(OutboxMessage message, CancellationToken cancel)
    {
        // The sidecar is waited for, not the business's clock, which a test may have stopped.
        using var limit = new CancellationTokenSource(ParticipantLimits.PublishTimeout, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var request = RequestFor(message);
            using var response = await http.SendAsync(request, both.Token);
            return (int)response.StatusCode switch
            {
                >= 200 and < 300 => new Publishing(message, PublishFate.Accepted, ""),
                // These concern this one event: another one may be fine.
                400 or 413 =>
                    new Publishing(message, PublishFate.Refused, $"the sidecar answered {(int)response.StatusCode}"),
                var status => new Publishing(message, PublishFate.Unreachable, $"the sidecar answered {status}"),
            };
        }
        catch (OperationCanceledException)
        {
            return new Publishing(message, PublishFate.Unreachable, "the sidecar did not answer in time");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new Publishing(message, PublishFate.Unreachable, (exception.InnerException ?? exception).Message);
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    // Never with a time to live: the sidecar would drop the event before anybody sees it.
    private HttpRequestMessage RequestFor(OutboxMessage message)
    {
        var path = $"v1.0/publish/{settings.PubSub}/{message.AggregateType}"
            + $"?metadata.partitionKey={Uri.EscapeDataString(message.AggregateId)}";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.SidecarAddress, path))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message.Payload)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(StructuredEventWriter.MediaType);
        if (settings.SidecarToken is { } token) request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        // The sidecar writes its own trace context into the event, the one of this request.
        if (message.TraceParent is { } trace) request.Headers.TryAddWithoutValidation(SagaHeaders.TraceParent, trace);
        return request;
    }
}

/// <summary>What became of publishing an event.</summary>
internal enum PublishFate
{
    /// <summary>The broker has it.</summary>
    Accepted,

    /// <summary>This event was turned away; others may pass.</summary>
    Refused,

    /// <summary>Nothing passes now.</summary>
    Unreachable,
}

/// <summary>An event and what became of publishing it.</summary>
internal sealed record Publishing(OutboxMessage Message, PublishFate Fate, string Text);
