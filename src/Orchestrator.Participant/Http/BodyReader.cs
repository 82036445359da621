using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Orchestrator.Contract;

namespace Orchestrator.Participant.Http;

/// <summary>Reads a body up to a limit and checks that it is one JSON value in UTF-8.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 4096;

    /// <summary>The bytes, or null and the problem.</summary>
    internal static async Task<(JsonData? Data, BodyProblem? Problem)> ReadAsync(
        HttpRequest request, int limit, CancellationToken cancel)
    {
        if (!IsJson(request.ContentType))
            return (null, new BodyProblem(415, SagaCodes.Malformed,
                "The body must be JSON: send the header content-type: application/json.", "datacontenttype"));
        var bytes = await ReadBytesAsync(request, limit, cancel);
        if (bytes is null)
            return (null, new BodyProblem(413, SagaCodes.TooLarge, $"The body is longer than {limit} bytes.", null));
        if (Complaint(bytes.Value.Span) is { } complaint)
            return (null, new BodyProblem(400, SagaCodes.Malformed, complaint, "data"));
        return (new JsonData(bytes.Value), null);
    }

    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        var media = contentType.Split(';', 2)[0].Trim();
        return media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(
        HttpRequest request, int limit, CancellationToken cancel)
    {
        if (request.ContentLength > limit) return null;
        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? FirstBuffer) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(), cancel);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > limit) return null;
        }
    }

    private static string? Complaint(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return "The body is empty. Send the step's data as JSON.";
        if (!Utf8.IsValid(body)) return "The body is not valid UTF-8.";
        try
        {
            var json = new Utf8JsonReader(body);
            while (json.Read())
            {
            }

            return null;
        }
        catch (JsonException exception)
        {
            return $"The body is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}), "
                + "or is nested deeper than 64 levels.";
        }
    }
}

/// <summary>Why a body was not taken.</summary>
internal sealed record BodyProblem(int Status, string Code, string Text, string? Attribute);
