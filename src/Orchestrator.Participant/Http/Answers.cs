using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Http;

/// <summary>Writes answers: a 200 with the stored bytes, or problem details (RFC 9457) that are a function of the answer alone.</summary>
internal sealed class Answers(SagaLedger ledger)
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Answers a command.</summary>
    internal Task WriteAsync(HttpContext http, LedgerAnswer answer)
    {
        if (answer.Code is not null) return ProblemAsync(http, answer, null);
        return WriteAsync(http, 200, answer.State, Json, answer.Output?.Utf8 ?? Empty);
    }

    /// <summary>Answers with a JSON body that is no output.</summary>
    internal Task WriteAsync(HttpContext http, LedgerState state, ReadOnlyMemory<byte> json) =>
        WriteAsync(http, 200, state, Json, json);

    /// <summary>Answers with a problem that concerns no row.</summary>
    internal Task RefuseAsync(HttpContext http, int status, string code, string text, string? attribute = null) =>
        ProblemAsync(http, LedgerAnswer.Problem(status, LedgerState.None, code, text), attribute);

    /// <summary>401: the token is missing or wrong.</summary>
    internal Task RefuseUnknownAsync(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return RefuseAsync(http, 401, SagaCodes.Unauthorized,
            "The token is missing or wrong. Send it as Authorization: Bearer, or as dapr-api-token.");
    }

    /// <summary>503: the database stayed busy.</summary>
    internal Task RefuseBusyAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = ParticipantLimits.RetryAfterSeconds;
        return RefuseAsync(http, 503, SagaCodes.Busy,
            "The participant's database is busy. Nothing was changed; send it again.");
    }

    private Task ProblemAsync(HttpContext http, LedgerAnswer answer, string? attribute)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("title", Title(answer.Status));
            json.WriteNumber("status", answer.Status);
            json.WriteString("code", answer.Code);
            json.WriteString("detail", answer.Text);
            if (attribute is not null) json.WriteString("attribute", attribute);
            if (answer.Output is { } output)
            {
                json.WritePropertyName("output");
                json.WriteRawValue(output.Utf8.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return WriteAsync(http, answer.Status, answer.State, ProblemJson, body.WrittenMemory);
    }

    private async Task WriteAsync(
        HttpContext http, int status, LedgerState state, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers[SagaHeaders.SagaState] = WireWords.Of(state);
        response.Headers[SagaHeaders.SagaLedger] = ledger.LedgerId.ToString();
        await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static string Title(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Problem",
    };
}
