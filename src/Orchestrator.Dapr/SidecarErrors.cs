using System.Text.Json;

namespace Orchestrator.Dapr;

/// <summary>Reads what a sidecar's HTTP API says when it refuses something.</summary>
internal static class SidecarErrors
{
    /// <summary>
    /// The error of a response, which has to be buffered; null when it is none of a sidecar's own. Throws
    /// <see cref="HttpRequestException" /> when it is longer than <see cref="DaprLimits.MaxSidecarError" />.
    /// </summary>
    public static async Task<SidecarError?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/json") return null;
        try
        {
            await response.Content.LoadIntoBufferAsync(DaprLimits.MaxSidecarError, cancel);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
            return ErrorOf(body.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static SidecarError? ErrorOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("errorCode", out var code)) return null;
        if (code.ValueKind != JsonValueKind.String || code.GetString() is not { } name) return null;
        var isTold = body.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String;
        return new SidecarError(name, isTold ? text.GetString()! : name);
    }
}

/// <summary>An error of a sidecar's own: its code such as <c>ERR_DIRECT_INVOKE</c>, and its words.</summary>
internal sealed record SidecarError(string Code, string Message);
