using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Problems;

/// <summary>
/// Gives every error a body: unknown routes, wrong methods, requests Kestrel cannot read and our own bugs. A bug's
/// trace goes to the log, never to the caller.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var problem = await RunAsync(http);
        if (problem is null && IsBareError(http.Response)) problem = ForStatus(http);
        if (problem is null || http.Response.HasStarted) return;
        http.Response.Headers.ContentLength = null;
        await problem.ExecuteAsync(http);
    }

    private async Task<Problem?> RunAsync(HttpContext http)
    {
        try
        {
            await next(http);
            return null;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (BadHttpRequestException e)
        {
            return Unreadable(e);
        }
        catch (StoreUnavailableException e)
        {
            return Problem.Unavailable(ProblemCodes.Unavailable, e.Message);
        }
        // The last line of defence: a bug in one request must not show its trace or end the process.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.RequestFailed(http.Request.Method, http.Request.Path, e);
            return Problem.Of(
                StatusCodes.Status500InternalServerError,
                ProblemCodes.Internal,
                "The service failed while it answered this request. Its log has the cause; sending the request again "
                + "may help.");
        }
    }

    private static Problem Unreadable(BadHttpRequestException e) => e.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? Bodies.BodyProblems.TooLarge(ServiceLimits.BodyBytes)
        : Problem.Of(
            e.StatusCode,
            e.StatusCode == StatusCodes.Status400BadRequest ? ProblemCodes.Malformed : ProblemCodes.BadRequest,
            $"The request could not be read: {e.Message} Correct the request and send it again.");

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentType: null } && response.ContentLength is null or 0;

    private static Problem ForStatus(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problem.NotFound(
                $"There is nothing at {request.Method} {request.Path}. /openapi/v1.json lists what there is."),
            StatusCodes.Status405MethodNotAllowed => Problem.Of(
                response.StatusCode,
                ProblemCodes.MethodNotAllowed,
                $"{request.Path} does not take {request.Method}. It takes: {response.Headers.Allow}."),
            var other =>
                Problem.Of(other, ProblemCodes.BadRequest, "The request was refused. Correct it and send it again."),
        };
    }
}
