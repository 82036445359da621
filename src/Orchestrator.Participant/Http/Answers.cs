using Microsoft.AspNetCore.Http;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.Http;

/// <summary>Writes answers as HTTP responses.</summary>
internal sealed class Answers(SagaLedger ledger)
{
    /// <summary>Answers a command.</summary>
    internal Task WriteAsync(HttpContext http, LedgerAnswer answer, string? attribute = null)
    {
        if (answer.Code == SagaCodes.Busy) http.Response.Headers.RetryAfter = ParticipantLimits.RetryAfterSeconds;
        var body = AnswerBody.Of(answer, attribute);
        return WriteAsync(http, answer.Status, answer.State, body.ContentType, body.Data.Utf8);
    }

    /// <summary>Answers with a JSON body that is no output.</summary>
    internal Task WriteAsync(HttpContext http, LedgerState state, ReadOnlyMemory<byte> json) =>
        WriteAsync(http, 200, state, AnswerBody.Json, json);

    /// <summary>Answers with a problem that concerns no row.</summary>
    internal Task RefuseAsync(HttpContext http, int status, string code, string text, string? attribute = null) =>
        WriteAsync(http, LedgerAnswer.Problem(status, LedgerState.None, code, text), attribute);

    /// <summary>401: the token is missing or wrong.</summary>
    internal Task RefuseUnknownAsync(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return RefuseAsync(http, 401, SagaCodes.Unauthorized,
            "The token is missing or wrong. Send it as Authorization: Bearer, or as dapr-api-token.");
    }

    /// <summary>503: the database stayed busy.</summary>
    internal Task RefuseBusyAsync(HttpContext http) => WriteAsync(http, CommandDesk.Busy);

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
}
