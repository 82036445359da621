using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Calling;

/// <summary>
/// To a Dapr application by service invocation over HTTP: the command's headers and body pass through the two sidecars
/// as they are. What the sidecar says itself, because it cannot reach the application, is no answer of the application.
/// </summary>
internal sealed class AppWay(SidecarHttpOptions options, TimeProvider time) : IParticipantWay, IDisposable
{
    private const string AppIdHeader = "dapr-app-id";
    private const string TokenHeader = "dapr-api-token";

    private readonly HttpCalls calls = new(time);

    /// <inheritdoc />
    public Task<Answer> CallAsync(ParticipantEntry to, ParticipantCall call, CancellationToken cancel) =>
        calls.SendAsync(options.Address, call, request => AddTo(request, to), SilenceAsync, cancel);

    /// <inheritdoc />
    public Task<bool> TellEndedAsync(ParticipantEntry to, IReadOnlyList<EndingRow> endings, CancellationToken cancel) =>
        calls.TellEndedAsync(options.Address, endings, request => AddTo(request, to), cancel);

    /// <inheritdoc />
    public void Dispose() => calls.Dispose();

    private void AddTo(HttpRequestMessage request, ParticipantEntry to)
    {
        request.Headers.TryAddWithoutValidation(AppIdHeader, to.App);
        if (options.ApiToken is { } token) request.Headers.TryAddWithoutValidation(TokenHeader, token);
    }

    /// <summary>Why nobody answered, in the sidecar's words; null when the response is the application's.</summary>
    private static async Task<string?> SilenceAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if ((int)response.StatusCode < 400 || response.Headers.Contains(SagaHeaders.SagaLedger)) return null;
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
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // No sidecar says so much; what was read is gone, but its status still counts as an answer that failed.
            return "the answer was an error longer than its sidecar's errors are";
        }
    }

    // "ERR_DIRECT_INVOKE" and its newer, finer names: the call did not come back from the application.
    private static string? ErrorOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("errorCode", out var code)) return null;
        if (code.ValueKind != JsonValueKind.String || code.GetString() is not { } name) return null;
        if (!name.StartsWith("ERR_DIRECT_INVOKE", StringComparison.Ordinal)) return null;
        var isTold = body.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String;
        return $"the sidecar could not reach it: {(isTold ? text.GetString() : name)}";
    }
}
