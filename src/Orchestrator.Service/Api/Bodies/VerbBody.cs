using System.Text.Json;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>The optional body of a verb: <c>{"reason": "..."}</c>.</summary>
internal readonly record struct VerbBody(string? Reason, Problem? Problem)
{
    /// <summary>Reads it; nothing at all is fine too.</summary>
    public static async ValueTask<VerbBody> ReadAsync(HttpRequest request, bool takesReason, CancellationToken cancel)
    {
        var body = await BodyReader.ReadAsync(request, ServiceLimits.SmallBodyBytes, cancel);
        if (body.Problem is { } tooLarge) return new VerbBody(null, tooLarge);
        if (body.Bytes.Length == 0) return default;
        if (!BodyReader.IsJson(request.ContentType))
            return new VerbBody(null, BodyProblems.WrongType(request.ContentType, "application/json, or no body"));
        if (JsonCheck.Check(body.Bytes) is { } malformed) return new VerbBody(null, malformed);
        using var document = JsonDocument.Parse(body.Bytes);
        var problems = new List<ProblemItem>();
        var fields = new BodyFields(document.RootElement, takesReason ? ["reason"] : [], problems);
        var reason = fields.Text("reason", ServiceLimits.ReasonLength);
        return problems.Count == 0
            ? new VerbBody(reason, null)
            : new VerbBody(null, Problem.Invalid(ProblemCodes.Invalid, problems[0].Message, problems));
    }
}
