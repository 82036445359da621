using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Work;

namespace Orchestrator.StandIn.Serving;

/// <summary>The calls of a sidecar's gRPC port.</summary>
internal sealed class GrpcService(WorkDesk desk, Management management, Faults faults, TimeProvider time, string? token)
{
    /// <summary>Serves one call of <c>/TaskHubSidecarService/{method}</c>.</summary>
    public async Task ServeAsync(HttpContext context, string method)
    {
        var call = new GrpcCall(context);
        call.Begin();
        try
        {
            if (token is not null && context.Request.Headers["dapr-api-token"] != token)
                throw new RefusedException(GrpcStatus.Unauthenticated, "authentication error: api token mismatch");
            if (method == "GetWorkItems")
            {
                await StreamAsync(call);
                return;
            }

            if (faults.Take(FaultKind.Unavailable))
                throw new RefusedException(GrpcStatus.Unavailable, "the sidecar is shutting down");
            var reply = await AnswerAsync(call, method);
            if (faults.Take(FaultKind.LoseReply))
            {
                call.Abort();
                return;
            }

            await call.SendAsync(reply);
            call.End(GrpcStatus.Ok, "");
        }
        catch (RefusedException refused)
        {
            call.End(refused.Status, refused.Message);
        }
        catch (Exception wrong) when (wrong is FramingException or InvalidProtocolBufferException)
        {
            call.End(GrpcStatus.Internal, wrong.Message);
        }
        catch (OperationCanceledException)
        {
            // The caller gave up, or this sidecar is being stopped: nobody hears an answer.
            call.Abort();
        }
    }

    private async Task<IMessage> AnswerAsync(GrpcCall call, string method) => method switch
    {
        "Hello" => new Nothing(),
        "CompleteWorkflowTask" or "CompleteOrchestratorTask" => await CompleteTurnAsync(call, method),
        "CompleteActivityTask" => await CompleteActivityAsync(call),
        "StartInstance" => await StartAsync(call),
        "GetInstance" => await LookAsync(call),
        "WaitForInstanceStart" =>
            await management.WaitAsync(await call.ReadAsync(InstanceRequest.Parser), untilEnd: false, call.Aborted),
        "WaitForInstanceCompletion" => await management.WaitAsync(
            await call.ReadAsync(InstanceRequest.Parser), untilEnd: true, call.Aborted),
        "RaiseEvent" => await Quietly(management.RaiseAsync(await call.ReadAsync(RaiseRequest.Parser), call.Aborted)),
        "TerminateInstance" =>
            await Quietly(management.TerminateAsync(await call.ReadAsync(TerminateRequest.Parser), call.Aborted)),
        "SuspendInstance" =>
            await Quietly(management.SuspendAsync(await call.ReadAsync(PauseRequest.Parser), call.Aborted)),
        "ResumeInstance" =>
            await Quietly(management.ResumeAsync(await call.ReadAsync(PauseRequest.Parser), call.Aborted)),
        "PurgeInstances" => await management.PurgeAsync(await call.ReadAsync(PurgeRequest.Parser), call.Aborted),
        "ListInstanceIDs" => management.List(await call.ReadAsync(ListRequest.Parser)),
        "GetInstanceHistory" => management.History(await call.ReadAsync(HistoryRequest.Parser)),
        _ => throw Unknown(method),
    };

    private async Task<Nothing> CompleteTurnAsync(GrpcCall call, string method)
    {
        if (method == "CompleteWorkflowTask" && faults.Take(FaultKind.OldSidecar))
            throw Unknown(method);
        desk.CompleteTurn(await call.ReadAsync(WorkflowResponse.Parser));
        if (faults.CompletionDelay is var delay && delay > TimeSpan.Zero) await Task.Delay(delay, time, call.Aborted);
        return new Nothing();
    }

    private async Task<Nothing> CompleteActivityAsync(GrpcCall call)
    {
        await desk.CompleteActivityAsync(await call.ReadAsync(ActivityResponse.Parser), call.Aborted);
        return new Nothing();
    }

    private async Task<InstanceReply> LookAsync(GrpcCall call)
    {
        var request = await call.ReadAsync(InstanceRequest.Parser);
        if (faults.BeforeLook is { } wait) await wait();
        return management.Get(request);
    }

    private async Task<StartReply> StartAsync(GrpcCall call)
    {
        var request = await call.ReadAsync(StartRequest.Parser);
        if (faults.Take(FaultKind.RefuseStart))
            throw new RefusedException(GrpcStatus.Unknown, "failed to create workflow instance: the store is away");
        return await management.StartAsync(request, call.Aborted);
    }

    private static RefusedException Unknown(string method) =>
        new(GrpcStatus.Unimplemented, $"unknown method {method} for service TaskHubSidecarService");

    private static async Task<Nothing> Quietly(Task done)
    {
        await done;
        return new Nothing();
    }

    private async Task StreamAsync(GrpcCall call)
    {
        await call.ReadAsync(WorkItemsRequest.Parser);
        var stream = desk.Open();
        try
        {
            while (true)
            {
                var item = await desk.TakeAsync(stream, call.Aborted);
                if (faults.ItemDelay is var delay && delay > TimeSpan.Zero) await Task.Delay(delay, time, call.Aborted);
                if (!await SendAsync(call, item)) return;
            }
        }
        finally
        {
            desk.Close(stream);
        }
    }

    /// <summary>False when the stream is over.</summary>
    private async Task<bool> SendAsync(GrpcCall call, WorkItem item)
    {
        if (faults.Take(FaultKind.CutMidFrame))
        {
            var frame = FrameWriter.Write(item, int.MaxValue);
            await call.SendBytesAsync(frame.AsMemory(0, frame.Length / 2));
            call.Abort();
            return false;
        }

        if (faults.Take(FaultKind.Garbage))
        {
            await call.SendBytesAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            call.End(GrpcStatus.Ok, "");
            return false;
        }

        await call.SendAsync(item);
        return true;
    }
}
