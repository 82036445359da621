using System.Buffers;
using Microsoft.Net.Http.Headers;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>The bytes of a body, or why there are none.</summary>
internal readonly record struct ReadBody(byte[] Bytes, Problem? Problem);

/// <summary>Reads a body up to a limit, straight from the connection's buffers.</summary>
internal static class BodyReader
{
    /// <summary>Reads all of it; a longer one is refused as soon as that is known.</summary>
    public static async ValueTask<ReadBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        if (request.ContentLength > limit) return new ReadBody([], BodyProblems.TooLarge(limit));
        if (request.ContentLength == 0) return new ReadBody([], null);
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return new ReadBody([], BodyProblems.TooLarge(limit));
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return new ReadBody(bytes, null);
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>True for <c>application/json</c>, <c>*+json</c> and for no content type at all, in UTF-8.</summary>
    public static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType) || contentType == JsonAnswer.ContentType) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return false;
        var json = type.MediaType.Equals(JsonAnswer.ContentType, StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
        return json && IsUtf8(type);
    }

    /// <summary>True when no charset is named, or UTF-8.</summary>
    public static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
