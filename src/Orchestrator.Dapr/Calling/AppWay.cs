using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Calling;

/// <summary>
/// To a Dapr application by service invocation over HTTP: the command's headers and body pass through the two sidecars
/// as they are. What the sidecar says itself, because it cannot reach the application, is no answer of the application.
/// </summary>
internal sealed class AppWay(SidecarHttpOptions options, TimeProvider time, IParticipantTokens? tokens = null)
    : IParticipantWay, IDisposable
{
    private const string AppIdHeader = "dapr-app-id";
    private const string ApiTokenHeader = "dapr-api-token";

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
        // The sidecars pass it on to the application.
        TokenHeader.AddTo(request, tokens, to);
        if (options.ApiToken is { } token) request.Headers.TryAddWithoutValidation(ApiTokenHeader, token);
    }

    /// <summary>Why nobody answered, in the sidecar's words; null when the response is the application's.</summary>
    private static async Task<string?> SilenceAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if ((int)response.StatusCode < 400 || response.Headers.Contains(SagaHeaders.SagaLedger)) return null;
        try
        {
            // Its newer names are finer: the call did not come back from the application.
            return await SidecarErrors.ReadAsync(response, cancel) is { } error
                && error.Code.StartsWith("ERR_DIRECT_INVOKE", StringComparison.Ordinal)
                ? $"the sidecar could not reach it: {error.Message}"
                : null;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // No sidecar says so much; what was read is gone, but its status still counts as an answer that failed.
            return "the answer was an error longer than its sidecar's errors are";
        }
    }
}
