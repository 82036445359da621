using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Tests.Participant;

/// <summary>Sends the orchestrator's commands by hand, as the wire describes them.</summary>
internal sealed class Commands(HttpClient client, TimeProvider clock)
{
    public const string Data = """{"sku":"A1","quantity":2}""";

    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);

    public string Action { get; init; } = "reserve";

    public string Kind { get; init; } = "compensatable";

    public string Step { get; init; } = "reserve-stock";

    public Task<Answer> DoAsync(
        string sagaId, string? data = null, Action<HttpRequestMessage>? change = null,
        CancellationToken cancel = default) =>
        SendAsync(CommandKind.Do, sagaId, data ?? Data, change, cancel);

    public Task<Answer> ConfirmAsync(string sagaId, Action<HttpRequestMessage>? change = null) =>
        SendAsync(CommandKind.Confirm, sagaId, "{}", change);

    public Task<Answer> UndoAsync(string sagaId, Action<HttpRequestMessage>? change = null) =>
        SendAsync(CommandKind.Undo, sagaId, "{}", change);

    public Task<Answer> ExtendAsync(
        string sagaId, DateTimeOffset expiresAt, int number = 1, Action<HttpRequestMessage>? change = null) =>
        SendAsync(CommandKind.Extend, sagaId, "{}", request =>
        {
            request.Headers.Remove(SagaHeaders.ExpiryTime);
            request.Headers.Remove(SagaHeaders.Id);
            request.Headers.Add(SagaHeaders.ExpiryTime, Instants.Write(expiresAt));
            request.Headers.Add(SagaHeaders.Id, $"{sagaId}/{Step}/extend-{number}");
            change?.Invoke(request);
        });

    public async Task<Answer> EndAsync(string outcome, params string[] sagaIds)
    {
        var lines = sagaIds.Select(id => $$"""{"sagaId":"{{id}}","outcome":"{{outcome}}"}""");
        return await SendEndedAsync($"[{string.Join(',', lines)}]");
    }

    public async Task<Answer> SendEndedAsync(string body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/saga/ended");
        request.Headers.Add(SagaHeaders.SpecVersion, "1.0");
        request.Headers.Add(SagaHeaders.Type, SagaEventTypes.Ended);
        request.Headers.Add(SagaHeaders.Id, "d7c1f9a2-7d0c-4b3a-8a55-0a3b2f1c9e10");
        request.Headers.Add(SagaHeaders.Source, "/sagas");
        request.Headers.Add(SagaHeaders.Time, Instants.Write(clock.GetUtcNow()));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        return await Answer.ReadAsync(await client.SendAsync(request));
    }

    public async Task<Answer> GetAsync(string sagaId, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/saga/{Step}/{sagaId}");
        change?.Invoke(request);
        return await Answer.ReadAsync(await client.SendAsync(request));
    }

    private async Task<Answer> SendAsync(
        CommandKind kind, string sagaId, string body, Action<HttpRequestMessage>? change,
        CancellationToken cancel = default)
    {
        var word = WireWords.Of(kind);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/saga/{Action}/{word}");
        var headers = request.Headers;
        headers.Add(SagaHeaders.SpecVersion, "1.0");
        headers.Add(SagaHeaders.Type, SagaEventTypes.Of(kind));
        headers.Add(SagaHeaders.Id, $"{sagaId}/{Step}/{word}");
        headers.Add(SagaHeaders.Source, "/sagas/place-order");
        headers.Add(SagaHeaders.Time, Instants.Write(clock.GetUtcNow()));
        headers.Add(SagaHeaders.SagaId, sagaId);
        headers.Add(SagaHeaders.SagaStep, Step);
        headers.Add(SagaHeaders.SagaAction, Action);
        headers.Add(SagaHeaders.SagaKind, Kind);
        headers.Add(SagaHeaders.SagaAttempt, "1");
        if (Kind == "compensatable")
        {
            headers.Add(SagaHeaders.ExpiryTime, Instants.Write(clock.GetUtcNow() + Hold));
            headers.Add(SagaHeaders.SagaRemaining, Hold.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        return await Answer.ReadAsync(await client.SendAsync(request, cancel));
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(
    HttpStatusCode Status, string? State, string? Ledger, string? ContentType, string Body,
    HttpResponseMessage Response)
{
    public int Code => (int)Status;

    /// <summary>Status, problem code and state on one line: <c>410 expired undone</c>.</summary>
    public string Summary => Problem is { } problem ? $"{Code} {problem} {State}" : $"{Code} {State}";

    public string? Problem => Member("code");

    public string? Detail => Member("detail");

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        return new Answer(
            response.StatusCode, Header(response, SagaHeaders.SagaState), Header(response, SagaHeaders.SagaLedger),
            response.Content.Headers.ContentType?.MediaType, body, response);
    }

    public string? Member(string name)
    {
        if (ContentType != "application/problem+json") return null;
        using var json = JsonDocument.Parse(Body);
        return json.RootElement.TryGetProperty(name, out var member) ? member.ToString() : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
