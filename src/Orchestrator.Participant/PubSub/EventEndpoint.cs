using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Participant.Http;

namespace Orchestrator.Participant.PubSub;

/// <summary><c>POST {prefix}/events</c>: where the sidecar delivers what comes on the participant's topic.</summary>
internal sealed class EventEndpoint(
    CommandEvents commands, EndedEvents endings, Answers answers, TokenCheck token,
    IOptions<SagaParticipantOptions> options, ILogger<EventEndpoint> logger)
{
    internal async Task HandleAsync(HttpContext http)
    {
        if (!token.Admits(http.Request))
        {
            await answers.RefuseUnknownAsync(http);
            return;
        }

        await WriteAsync(http, await TakeAsync(http));
    }

    private static Task WriteAsync(HttpContext http, Delivery delivery)
    {
        http.Response.ContentType = AnswerBody.Json;
        return http.Response.WriteAsync(
            delivery switch
            {
                Delivery.Taken => """{"status":"SUCCESS"}""",
                Delivery.Again => """{"status":"RETRY"}""",
                Delivery.Dropped => """{"status":"DROP"}""",
                _ => throw new UnreachableException($"Unknown delivery {delivery}."),
            },
            http.RequestAborted);
    }

    private async Task<Delivery> TakeAsync(HttpContext http)
    {
        var longest = options.Value.LongestBody + WireLimits.Envelope;
        var (body, problem) = await BodyReader.ReadAsync(http.Request, longest, http.RequestAborted);
        if (problem is not null) return Drop(problem.Text);
        var (read, complaint) = StructuredEvent.Read(body!.Value);
        if (read is null) return Drop(complaint!);
        if (SagaEventTypes.TryRead(read.Type, out var kind))
            return await commands.TakeAsync(kind, read, http.RequestServices);
        return read.Type == SagaEventTypes.Ended
            ? await endings.TakeAsync(read, http.RequestServices)
            : Drop("Its type is no command of a saga.");
    }

    private Delivery Drop(string why)
    {
        Log.EventDropped(logger, "(unknown)", why);
        return Delivery.Dropped;
    }
}
