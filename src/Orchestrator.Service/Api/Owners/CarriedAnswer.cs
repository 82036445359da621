using System.Net;

namespace Orchestrator.Service.Api.Owners;

/// <summary>What the owner of a saga answered, passed on as it is.</summary>
internal sealed class CarriedAnswer : IResult
{
    private static readonly string[] Kept = ["Location", "Retry-After", "Content-Type"];

    private readonly HttpStatusCode code;
    private readonly byte[] body;
    private readonly List<(string Name, string Value)> headers = [];

    private CarriedAnswer(HttpResponseMessage answer, byte[] body)
    {
        code = answer.StatusCode;
        this.body = body;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (Kept.Contains(name, StringComparer.OrdinalIgnoreCase))
                headers.Add((name, string.Join(", ", values)));
    }

    /// <summary>Reads it whole: it is a saga, or a problem.</summary>
    public static async Task<CarriedAnswer> ReadAsync(HttpResponseMessage answer, CancellationToken cancel) =>
        new(answer, await answer.Content.ReadAsByteArrayAsync(cancel));

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = (int)code;
        foreach (var (name, value) in headers) httpContext.Response.Headers[name] = value;
        httpContext.Response.ContentLength = body.Length;
        if (body.Length > 0) await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
