using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Service.Api;

/// <summary>A JSON answer, written at once and with its length.</summary>
internal sealed class JsonAnswer<T>(int status, T value, JsonTypeInfo<T> type) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) =>
        JsonAnswer.WriteAsync(httpContext, status, value, type, JsonAnswer.ContentType);
}

/// <summary>Writes JSON answers.</summary>
internal static class JsonAnswer
{
    /// <summary>The media type of every answer that is not an error.</summary>
    public const string ContentType = "application/json";

    /// <summary>200 with a value.</summary>
    public static JsonAnswer<T> Ok<T>(T value, JsonTypeInfo<T> type) => new(StatusCodes.Status200OK, value, type);

    /// <summary>202 with a value.</summary>
    public static JsonAnswer<T> Accepted<T>(T value, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status202Accepted, value, type);

    /// <summary>Writes status, headers and body.</summary>
    public static async Task WriteAsync<T>(
        HttpContext http, int status, T value, JsonTypeInfo<T> type, string contentType)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
    }
}
