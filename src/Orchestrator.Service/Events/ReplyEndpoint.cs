using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Engine.Relaying;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Owners;

namespace Orchestrator.Service.Events;

/// <summary>
/// <c>POST /saga/replies</c>: where the sidecar delivers participants' answers. One is acknowledged once what it says
/// is on disk.
/// </summary>
internal sealed class ReplyEndpoint(Replies replies, OwnerForwarder forwarder, SidecarToken token)
{
    /// <summary>Takes one event.</summary>
    public async Task<IResult> TakeAsync(HttpContext http)
    {
        if (!token.Admits(http.Request)) return Results.StatusCode(StatusCodes.Status401Unauthorized);
        http.Request.EnableBuffering(ServiceLimits.EventBytes);
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.EventBytes, http.RequestAborted);
        http.Request.Body.Position = 0;
        if (body.Problem is not null || StructuredEvent.Read(new JsonData(body.Bytes)).Event is not { } read)
            return Say(ReplyFate.Dropped);
        // The call that waits for it is where the saga runs.
        if (read[SagaAttributes.Of(SagaHeaders.SagaId)] is { } sagaId
            && await forwarder.CarryAsync(http, sagaId) is { } answer)
            return answer is CarriedAnswer ? answer : Say(ReplyFate.Again);
        return Say(await replies.TakeAsync(read, http.RequestAborted));
    }

    private static IResult Say(ReplyFate fate) => Results.Text(
        fate switch
        {
            ReplyFate.Taken => """{"status":"SUCCESS"}""",
            ReplyFate.Again => """{"status":"RETRY"}""",
            ReplyFate.Dropped => """{"status":"DROP"}""",
            var other => throw new UnreachableException($"Unknown fate {other}."),
        },
        "application/json");
}
