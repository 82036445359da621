using System.Text.Json;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>
/// The body of a verb: a JSON object with the properties that verb knows, <c>reason</c> always among them.
/// </summary>
internal static class VerbBody
{
    private const string ReasonName = "reason";

    /// <summary>The reason a request gave; null when it gave none, or its body was not read.</summary>
    public static string? ReasonOf(HttpContext http) => http.Items[typeof(VerbBody)] as string;

    /// <summary>
    /// Reads it; nothing at all is an empty object. <paramref name="take" /> takes what it needs from the properties
    /// and notes what is wrong.
    /// </summary>
    public static async ValueTask<(T Value, byte[] Bytes, Problem? Problem)> ReadAsync<T>(
        HttpRequest request, int limit, string[] known, Func<BodyFields, string?, T> take, CancellationToken cancel)
    {
        var body = await BodyReader.ReadAsync(request, limit, cancel);
        if (body.Problem is { } tooLarge) return (default!, [], tooLarge);
        var bytes = body.Bytes.Length == 0 ? "{}"u8.ToArray() : body.Bytes;
        if (body.Bytes.Length > 0 && !BodyReader.IsJson(request.ContentType))
            return (default!, [], BodyProblems.WrongType(request.ContentType, "application/json, or no body"));
        if (JsonCheck.Check(bytes) is { } malformed) return (default!, [], malformed);
        using var document = JsonDocument.Parse(bytes);
        var problems = new List<ProblemItem>();
        var fields = new BodyFields(document.RootElement, [.. known, ReasonName], problems);
        var reason = fields.Text(ReasonName, ServiceLimits.ReasonLength);
        request.HttpContext.Items[typeof(VerbBody)] = reason;
        var value = take(fields, reason);
        return problems.Count == 0
            ? (value, body.Bytes, null)
            : (default!, [], Problem.Invalid(ProblemCodes.Invalid, problems[0].Message, problems));
    }
}
