using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Engine.Relaying;
using Orchestrator.Service.Api.Bodies;

namespace Orchestrator.Service.Events;

/// <summary>
///<c>POST /saga/replies</c>: where the sidecar delivers participants' answers. One is acknowledged once what it says is
///on disk.
/// </summary>
internal sealed class ReplyEndpoint(Replies replies, SidecarToken token)
{
    /// <summary>Takes one event.</summary>
    public async Task<IResult> TakeAsync(HttpContext http)
    {
        if (!token.Admits(http.Request)) return Results.StatusCode(StatusCodes.Status401Unauthorized);
        return Results.Text(
            await TakeEventAsync(http) switch
            {
                ReplyFate.Taken => """{"status":"SUCCESS"}""",
                ReplyFate.Again => """{"status":"RETRY"}""",
                ReplyFate.Dropped => """{"status":"DROP"}""",
                var other => throw new UnreachableException($"Unknown fate {other}."),
            },
            "application/json");
    }

    private async Task<ReplyFate> TakeEventAsync(HttpContext http)
    {
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.EventBytes, http.RequestAborted);
        if (body.Problem is not null) return ReplyFate.Dropped;
        var (read, _) = StructuredEvent.Read(new JsonData(body.Bytes));
        return read is null ? ReplyFate.Dropped : await replies.TakeAsync(read, http.RequestAborted);
    }
}
