using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Orchestrator.StandIn.Apps;

/// <summary>Publishing: hands the request to whoever serves it.</summary>
internal sealed class PublishApi(IPublisher? publisher)
{
    private const string MetadataPrefix = "metadata.";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1.0/publish/{component}/{**topic}", PublishAsync);

    private async Task<IResult> PublishAsync(HttpContext context, string component, string topic)
    {
        if (publisher is null)
            return Problem(new PublishReply(400, "ERR_PUBSUB_NOT_FOUND", $"pubsub {component} is not found"));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var metadata = context.Request.Query
            .Where(pair => pair.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[MetadataPrefix.Length..], pair => pair.Value.ToString());
        var request = new PublishRequest(component, topic, context.Request.ContentType, metadata, body.ToArray());
        var reply = await publisher.PublishAsync(request, context.RequestAborted);
        return reply.ErrorCode is null ? Results.StatusCode(reply.Status) : Problem(reply);
    }

    private static IResult Problem(PublishReply reply) => Results.Json(
        new JsonObject { ["errorCode"] = reply.ErrorCode, ["message"] = reply.Message }, statusCode: reply.Status);
}
