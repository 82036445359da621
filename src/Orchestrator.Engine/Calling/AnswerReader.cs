using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Calling;

/// <summary>Turns an HTTP response into an <see cref="Answer" />; what it means is not decided here.</summary>
internal static class AnswerReader
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>Reads status, headers and as much of the body as the command needs.</summary>
    public static async Task<Answer> ReadAsync(
        CommandKind command, HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        var answer = new Answer
        {
            Status = status,
            Location = status == 202 ? Location(response) : null,
            LedgerState = Header(response, SagaHeaders.SagaState),
            Ledger = Header(response, SagaHeaders.SagaLedger),
        };
        if (status is 202 or < 200) return answer;
        if (status < 300 && command != CommandKind.Do) return answer;
        return WithBody(command, answer, await ReadBodyAsync(response.Content, cancel));
    }

    /// <summary>The answer with what its body says; a null body was larger than the limit.</summary>
    public static Answer WithBody(CommandKind command, Answer answer, byte[]? body)
    {
        if (body?.Length > EngineLimits.MaxAnswerBytes) body = null;
        if (answer.Status == 202 || (answer.Status < 300 && command != CommandKind.Do)) return answer;
        if (answer.Status >= 300) return body is { Length: > 0 } problem ? WithProblem(answer, problem) : answer;
        if (body is null || !IsJson(body)) return IsBlank(body) ? answer : answer with { Unreadable = true };
        return answer with { Output = new JsonData(body) };
    }

    /// <summary>At most the limit of characters.</summary>
    public static string Cut(string text, int limit = EngineLimits.MaxTextLength) =>
        text.Length <= limit ? text : text[..limit];

    private static bool IsBlank(byte[]? body) => body is not null && body.AsSpan().Trim(" \t\r\n"u8).IsEmpty;

    /// <summary>The whole body, or null when it is larger than the limit.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContent content, CancellationToken cancel)
    {
        if (content.Headers.ContentLength is { } length)
        {
            if (length > EngineLimits.MaxAnswerBytes) return null;
            if (length == 0) return [];
            await using var known = await content.ReadAsStreamAsync(cancel);
            var exact = new byte[(int)length];
            await known.ReadExactlyAsync(exact, cancel);
            return exact;
        }

        await using var stream = await content.ReadAsStreamAsync(cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(EngineLimits.MaxAnswerBytes + 1);
        try
        {
            var count = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, EngineLimits.MaxAnswerBytes + 1), EngineLimits.MaxAnswerBytes + 1, false, cancel);
            return count > EngineLimits.MaxAnswerBytes ? null : buffer[..count];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = EngineLimits.MaxJsonDepth });
            while (reader.Read())
            {
                // Invalid UTF-8 is found only when a text is read.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    Strict.GetCharCount(reader.ValueSpan);
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static Answer WithProblem(Answer answer, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(
                body, new JsonDocumentOptions { MaxDepth = EngineLimits.MaxJsonDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return WithText(answer, body);
            var code = Text(document.RootElement, "code");
            return answer with
            {
                Code = code is null ? null : Cut(code, EngineLimits.MaxTokenLength),
                Text = (Text(document.RootElement, "detail") ?? Text(document.RootElement, "title")) is { } text
                    ? Cut(text)
                    : null,
                Output = answer.Status == 409 && code == SagaCodes.Done ? Output(document.RootElement) : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return WithText(answer, body);
        }
    }

    private static Answer WithText(Answer answer, byte[] body) =>
        answer with
        {
            Text = Cut(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, EngineLimits.MaxTextLength)))),
        };

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>What a step that cannot be undone had answered.</summary>
    private static JsonData? Output(JsonElement problem) =>
        problem.TryGetProperty("output", out var value) ? JsonData.FromText(value.GetRawText()) : null;

    private static string? Location(HttpResponseMessage response)
    {
        var location = response.Headers.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;
        return location is { Length: > 0 and <= EngineLimits.MaxLocationLength } ? location : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
            ? Cut(values.ToString(), EngineLimits.MaxTokenLength)
            : null;
}
