using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Work;

namespace Orchestrator.StandIn.Serving;

/// <summary>The workflow verbs of a sidecar's HTTP port. The dapr CLI uses some of them.</summary>
internal sealed class WorkflowApi(Management management)
{
    private const string Base = "/v1.0/workflows/dapr/";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Base + "{id}", Get);
        routes.MapPost(Base + "{id}/terminate", (string id, HttpContext context) => Told(id, management.TerminateAsync(
            new TerminateRequest { InstanceId = id, Recursive = true }, context.RequestAborted)));
        routes.MapPost(Base + "{id}/pause", (string id, HttpContext context) => Told(id, management.SuspendAsync(
            new PauseRequest { InstanceId = id }, context.RequestAborted)));
        routes.MapPost(Base + "{id}/resume", (string id, HttpContext context) => Told(id, management.ResumeAsync(
            new PauseRequest { InstanceId = id }, context.RequestAborted)));
        routes.MapPost(Base + "{id}/purge", (string id, HttpContext context) => Told(id, management.PurgeAsync(
            new PurgeRequest { InstanceId = id, Recursive = true }, context.RequestAborted)));
        routes.MapPost(Base + "{id}/raiseEvent/{name}", RaiseAsync);
        routes.MapPost(Base + "{name}/start", StartAsync);
    }

    private IResult Get(string id)
    {
        var reply = management.Get(new InstanceRequest { InstanceId = id, WithPayloads = true });
        if (!reply.Exists) return Missing(id);
        var state = reply.State;
        var properties = new JsonObject();
        Put(properties, "dapr.workflow.custom_status", state.CustomStatus);
        Put(properties, "dapr.workflow.input", state.Input);
        Put(properties, "dapr.workflow.output", state.Output);
        if (state.Failure is { } failure)
        {
            properties["dapr.workflow.failure.error_type"] = failure.ErrorType;
            properties["dapr.workflow.failure.error_message"] = failure.ErrorMessage;
        }

        return Results.Json(new JsonObject
        {
            ["instanceID"] = state.InstanceId,
            ["workflowName"] = state.Name,
            ["createdAt"] = Instant(state.CreatedAt.ToDateTimeOffset()),
            ["lastUpdatedAt"] = Instant(state.UpdatedAt.ToDateTimeOffset()),
            ["runtimeStatus"] = state.Status switch
            {
                RunStatus.ContinuedAsNew => "CONTINUED_AS_NEW",
                var status => status.ToString().ToUpperInvariant(),
            },
            ["properties"] = properties,
        });
    }

    private async Task<IResult> RaiseAsync(string id, string name, HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var input = await body.ReadToEndAsync(context.RequestAborted);
        var request = new RaiseRequest { InstanceId = id, Name = name, Input = input.Length == 0 ? null : input };
        return await Told(id, management.RaiseAsync(request, context.RequestAborted));
    }

    private async Task<IResult> StartAsync(string name, HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var input = await body.ReadToEndAsync(context.RequestAborted);
        var request = new StartRequest
        {
            InstanceId = context.Request.Query["instanceID"].ToString(),
            Name = name,
            Input = input.Length == 0 ? null : input,
        };
        try
        {
            var reply = await management.StartAsync(request, context.RequestAborted);
            return Results.Json(
                new JsonObject { ["instanceID"] = reply.InstanceId }, statusCode: StatusCodes.Status202Accepted);
        }
        catch (RefusedException refused)
        {
            return Problem(StatusCodes.Status500InternalServerError, "ERR_START_WORKFLOW", refused.Message);
        }
    }

    /// <summary>What every verb answers.</summary>
    private static async Task<IResult> Told(string id, Task told)
    {
        try
        {
            await told;
            return Results.Json(new JsonObject(), statusCode: StatusCodes.Status202Accepted);
        }
        catch (RefusedException refused)
        {
            return refused.Message.Contains("no such instance", StringComparison.Ordinal)
                ? Missing(id)
                : Problem(StatusCodes.Status500InternalServerError, "ERR_WORKFLOW", refused.Message);
        }
    }

    private static IResult Missing(string id) => Problem(
        StatusCodes.Status404NotFound,
        "ERR_INSTANCE_ID_NOT_FOUND",
        $"unable to find workflow with the provided instance ID: {id}");

    private static IResult Problem(int status, string code, string message) =>
        Results.Json(new JsonObject { ["errorCode"] = code, ["message"] = message }, statusCode: status);

    private static void Put(JsonObject properties, string name, string? value)
    {
        if (value is not null) properties[name] = value;
    }

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
