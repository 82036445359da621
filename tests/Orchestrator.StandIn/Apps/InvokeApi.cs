using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Orchestrator.StandIn.Apps;

/// <summary>Service invocation: headers, query, body and the answer go through as they are.</summary>
internal sealed class InvokeApi(AppCaller apps)
{
    private const string AppHeader = "dapr-app-id";

    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        AppHeader, "dapr-api-token", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Host", "TE",
        "Trailer",
    };

    public void Map(IEndpointRouteBuilder routes) => routes.Map(
        "/v1.0/invoke/{app}/method/{**path}",
        (HttpContext context, string app, string? path) => InvokeAsync(context, app, "/" + path));

    /// <summary>A request that names its app in a header goes to the same path there, whatever the path.</summary>
    public async Task ByHeaderAsync(HttpContext context, Func<Task> next)
    {
        if (context.Request.Headers[AppHeader].ToString() is { Length: > 0 } app)
            await InvokeAsync(context, app, context.Request.Path.Value ?? "/");
        else
            await next();
    }

    private async Task InvokeAsync(HttpContext context, string app, string path)
    {
        using var request = Request(context, path);
        try
        {
            using var response = await apps.SendAsync(app, request, context.RequestAborted);
            await ReplyAsync(context, response);
        }
        catch (HttpRequestException unreachable) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(
                new JsonObject
                {
                    ["errorCode"] = "ERR_DIRECT_INVOKE",
                    ["message"] = $"failed to invoke, id: {app}, err: {unreachable.Message}",
                },
                context.RequestAborted);
        }
    }

    private static HttpRequestMessage Request(HttpContext context, string path)
    {
        var address =
            Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal) + context.Request.QueryString;
        var request =
            new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(address, UriKind.Relative));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers.Where(header => !Own.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, [.. values]))
                request.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return request;
    }

    private static async Task ReplyAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers)
            .Where(header => !Own.Contains(header.Key)))
            context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
