using System.Buffers;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Http;

/// <summary>
/// The body of an answer: the stored bytes, or problem details (RFC 9457) that are a function of the answer alone.
/// </summary>
internal readonly record struct AnswerBody(JsonData Data, string ContentType)
{
    internal const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private static readonly byte[] Empty = "{}"u8.ToArray();

    internal static AnswerBody Of(LedgerAnswer answer, string? attribute = null) => answer.Code is null
        ? new AnswerBody(answer.Output ?? new JsonData(Empty), Json)
        : new AnswerBody(Problem(answer, attribute), ProblemJson);

    private static JsonData Problem(LedgerAnswer answer, string? attribute)
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

        return new JsonData(body.WrittenMemory);
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
