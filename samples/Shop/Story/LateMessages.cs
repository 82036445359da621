using System.Text.Json;
using Orchestrator.Contract;

namespace Shop.Story;

/// <summary>
/// Sends commands of a saga by hand, as a network would that held them back: CloudEvents in binary mode.
/// </summary>
internal sealed class LateMessages(Uri service, string sagaId, DateTimeOffset expiresAt) : IDisposable
{
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Sends a command; gives status and code, <c>200</c> or <c>410 expired</c>.</summary>
    /// <param name="command"><c>do</c>, <c>confirm</c> or <c>undo</c>.</param>
    /// <param name="step">The ledger key's second half; what follows a <c>~</c> is no part of the action's
    /// name.</param>
    /// <param name="data">What it brings.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal async Task<string> SendAsync(string command, string step, object? data, CancellationToken cancel)
    {
        var action = step.Split('~')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, $"/saga/{action}/{command}"));
        var headers = request.Headers;
        headers.Add(SagaHeaders.SpecVersion, "1.0");
        headers.Add(SagaHeaders.Type, $"saga.step.{command}");
        headers.Add(SagaHeaders.Id, $"{sagaId}/{step}/{command}");
        headers.Add(SagaHeaders.Source, "/sagas/place-order");
        headers.Add(SagaHeaders.Time, Instants.Write(TimeProvider.System.GetUtcNow()));
        headers.Add(SagaHeaders.SagaId, sagaId);
        headers.Add(SagaHeaders.SagaStep, step);
        headers.Add(SagaHeaders.SagaAction, action);
        headers.Add(SagaHeaders.ExpiryTime, Instants.Write(expiresAt));
        if (data is not null) request.Content = JsonContent.Create(data);
        using var answer = await client.SendAsync(request, cancel);
        if (answer.IsSuccessStatusCode) return $"{(int)answer.StatusCode}";
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return $"{(int)answer.StatusCode} {problem.GetProperty("code").GetString()}";
    }

    public void Dispose() => client.Dispose();
}
