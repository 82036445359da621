using System.Net.Http.Headers;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Publishing;

/// <summary>Publishes events through the sidecar's HTTP API. Safe for any number of threads.</summary>
internal sealed class SidecarPublisher(SidecarHttpOptions options, TimeProvider time) : IEventPublisher, IDisposable
{
    /// <summary>Codes by which a sidecar says that it has no such component, or none at all.</summary>
    private static readonly string[] MissingComponent = ["ERR_PUBSUB_NOT_FOUND", "ERR_PUBSUB_NOT_CONFIGURED"];

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = DaprLimits.ConnectTimeout,
        ActivityHeadersPropagator = null,
    });

    /// <inheritdoc />
    public async Task<Published> PublishAsync(OutboxRow row, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(DaprLimits.PublishTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var request = RequestFor(row);
            using var response = await http.SendAsync(request, both.Token);
            var status = (int)response.StatusCode;
            if (status >= 400 && await SidecarErrors.ReadAsync(response, both.Token) is { } error
                && MissingComponent.Contains(error.Code))
                return new Published(PublishFate.NotConfigured, WhatToDo(error));
            // What is turned away with 4xx concerns the event or its topic; another one may be fine.
            return new Published(
                status switch
                {
                    >= 200 and < 300 => PublishFate.Accepted,
                    >= 400 and < 500 and not (408 or 429) => PublishFate.Refused,
                    _ => PublishFate.Unreachable,
                },
                $"the sidecar answered {status}");
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return new Published(PublishFate.Unreachable, "the sidecar did not answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new Published(PublishFate.Unreachable, (e.InnerException ?? e).Message);
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private string WhatToDo(SidecarError error) =>
        $"The sidecar has no pub/sub component named \"{options.PubSub}\" ({error.Message}), so facts of sagas and "
        + "commands over the broker wait. Put one into the sidecar's resources, as components/pubsub.yaml is, and "
        + $"start the sidecar again; it is asked every {EngineLimits.PublishUnconfigured.TotalSeconds:0} s.";

    // Never with a time to live: the sidecar would drop the event before its subscriber sees it.
    private HttpRequestMessage RequestFor(OutboxRow row)
    {
        var path = $"v1.0/publish/{Uri.EscapeDataString(options.PubSub)}/{Uri.EscapeDataString(row.Topic)}"
            + $"?metadata.partitionKey={Uri.EscapeDataString(row.SagaId)}";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Address, path))
        {
            Content = new ReadOnlyMemoryContent(row.Event.Utf8),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(StructuredEventWriter.MediaType);
        if (options.ApiToken is { } token) request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        // The sidecar writes its own trace context into the event, the one of this request.
        if (row.TraceParent is { } trace) request.Headers.TryAddWithoutValidation(SagaHeaders.TraceParent, trace);
        return request;
    }
}
