using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Orchestrator.Service.Api.Problems;

/// <summary>An error answer. Immutable.</summary>
internal sealed class Problem : IResult
{
    /// <summary>The media type of every error.</summary>
    public const string ContentType = "application/problem+json";

    private readonly ProblemBody body;
    private readonly bool retryLater;

    private Problem(ProblemBody body, bool retryLater = false)
    {
        this.body = body;
        this.retryLater = retryLater;
    }

    /// <summary>The HTTP status.</summary>
    public int Status => body.Status;

    /// <summary>Its code.</summary>
    public string Code => body.Code;

    /// <summary>The problem a request was answered with; null when it was not.</summary>
    public static Problem? AnsweredTo(HttpContext http) => http.Items[typeof(Problem)] as Problem;

    /// <summary>A problem with a status, a code and a sentence that also says what to do.</summary>
    public static Problem Of(int status, string code, string detail) => new(Body(status, code, detail));

    /// <summary>There is no such thing.</summary>
    public static Problem NotFound(string detail) => Of(StatusCodes.Status404NotFound, ProblemCodes.NotFound, detail);

    /// <summary>A 422 with everything that is wrong.</summary>
    public static Problem Invalid(string code, string detail, IReadOnlyList<ProblemItem> problems) =>
        new(Body(StatusCodes.Status422UnprocessableEntity, code, detail) with { Problems = problems });

    /// <summary>A verb the phase does not allow.</summary>
    public static Problem NotAllowed(string code, string detail, IReadOnlyList<string> allowed) =>
        new(Body(StatusCodes.Status409Conflict, code, detail) with { Allowed = allowed });

    /// <summary>A deadline that was not postponed, and the steps whose participants were asked.</summary>
    public static Problem NotExtended(
        string detail, IReadOnlyList<string> allowed, IReadOnlyList<string> extended, IReadOnlyList<string> not) =>
        new(Body(StatusCodes.Status409Conflict, Core.Deciding.VerbCodes.NotExtended, detail) with
        {
            Allowed = allowed,
            Extended = extended,
            NotExtended = not,
        });

    /// <summary>Nothing was done and trying again may help.</summary>
    public static Problem Unavailable(string code, string detail) =>
        new(Body(StatusCodes.Status503ServiceUnavailable, code, detail), retryLater: true);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Items[typeof(Problem)] = this;
        if (retryLater)
        {
            httpContext.Response.Headers.RetryAfter =
                ((int)ServiceLimits.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return JsonAnswer.WriteAsync(httpContext, body.Status, body, WireJson.Types.ProblemBody, ContentType);
    }

    private static ProblemBody Body(int status, string code, string detail) =>
        new($"urn:orchestrator:problem:{code}", ReasonPhrases.GetReasonPhrase(status), status, code, detail);
}
