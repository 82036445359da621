using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Engine.Calling;

/// <summary>
/// Makes the HTTP request of a call: a CloudEvent in binary mode. Source: docs/protocol.md section 5.
/// </summary>
internal sealed class CommandRequests(TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConcurrentDictionary<(Uri Base, string Path), Uri> addresses = new();

    /// <summary>The request of the command at the participant's address.</summary>
    public HttpRequestMessage Command(ParticipantCall call, Uri baseAddress)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(call, baseAddress));
        AddHeaders(request.Headers, call);
        request.Content = new ReadOnlyMemoryContent(call.Data.Utf8);
        request.Content.Headers.ContentType = Json;
        return request;
    }

    /// <summary>
    /// The request that asks after a command in progress, or null when its location lies at another origin.
    /// </summary>
    public HttpRequestMessage? Asking(ParticipantCall call, Uri baseAddress)
    {
        var command = AddressOf(call, baseAddress);
        if (!Uri.TryCreate(command, call.AskAt, out var location) || !SameOrigin(command, location)) return null;
        var request = new HttpRequestMessage(HttpMethod.Get, location);
        AddTrace(request.Headers, call);
        return request;
    }

    /// <summary>The request that tells endings.</summary>
    public HttpRequestMessage Endings(Uri baseAddress, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Combine(baseAddress, "/saga/ended"));
        var headers = request.Headers;
        headers.TryAddWithoutValidation(SagaHeaders.SpecVersion, "1.0");
        headers.TryAddWithoutValidation(SagaHeaders.Type, SagaEventTypes.Ended);
        headers.TryAddWithoutValidation(SagaHeaders.Id, Guid.CreateVersion7(time.GetUtcNow()).ToString());
        headers.TryAddWithoutValidation(SagaHeaders.Source, "/sagas");
        headers.TryAddWithoutValidation(SagaHeaders.Time, Instants.Write(time.GetUtcNow()));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = Json;
        return request;
    }

    /// <summary>The command's id, the same for every attempt.</summary>
    public static string IdOf(ParticipantCall call) =>
        $"{call.SagaId}/{CallNames.Of(call.Step, call.Command, call.Extension)}";

    private void AddHeaders(HttpRequestHeaders headers, ParticipantCall call)
    {
        var now = time.GetUtcNow();
        headers.TryAddWithoutValidation(SagaHeaders.SpecVersion, "1.0");
        headers.TryAddWithoutValidation(SagaHeaders.Type, SagaEventTypes.Of(call.Command));
        headers.TryAddWithoutValidation(SagaHeaders.Id, IdOf(call));
        headers.TryAddWithoutValidation(SagaHeaders.Source, "/sagas/" + call.Definition);
        headers.TryAddWithoutValidation(SagaHeaders.Time, Instants.Write(now));
        headers.TryAddWithoutValidation(SagaHeaders.SagaId, call.SagaId);
        headers.TryAddWithoutValidation(SagaHeaders.SagaStep, call.Step);
        headers.TryAddWithoutValidation(SagaHeaders.SagaAction, call.Action);
        headers.TryAddWithoutValidation(SagaHeaders.SagaKind, KindOf(call.Kind));
        headers.TryAddWithoutValidation(
            SagaHeaders.SagaAttempt, call.Attempt.ToString(CultureInfo.InvariantCulture));
        if (call.Kind == StepKind.Compensatable)
        {
            headers.TryAddWithoutValidation(SagaHeaders.ExpiryTime, Instants.Write(call.ExpiresAt));
            var remaining = Math.Max(0, (long)(call.ExpiresAt - now).TotalMilliseconds);
            headers.TryAddWithoutValidation(
                SagaHeaders.SagaRemaining, remaining.ToString(CultureInfo.InvariantCulture));
        }

        AddTrace(headers, call);
    }

    /// <summary>The word of a kind on the wire.</summary>
    public static string KindOf(StepKind kind) => kind switch
    {
        StepKind.Compensatable or StepKind.Unarmed => "compensatable",
        StepKind.Pivot => "pivot",
        StepKind.Retriable => "retriable",
        _ => throw new UnreachableException($"Unknown step kind {kind}."),
    };

    private static void AddTrace(HttpRequestHeaders headers, ParticipantCall call)
    {
        if (SagaTrace.ContextOf(call.SagaId, call.TraceParent) is { } trace)
            headers.TryAddWithoutValidation(SagaHeaders.TraceParent, trace);
    }

    private Uri AddressOf(ParticipantCall call, Uri baseAddress)
    {
        var path = call.Path;
        if (addresses.TryGetValue((baseAddress, path), out var known)) return known;
        if (addresses.Count >= EngineLimits.MaxCachedAddresses) addresses.Clear();
        return addresses.GetOrAdd((baseAddress, path), Combine(baseAddress, path));
    }

    private static Uri Combine(Uri baseAddress, string path) =>
        new(baseAddress.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);

    private static bool SameOrigin(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Port == right.Port
        && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase);
}
