using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Contract;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// Delivers the orchestrator's commands as a sidecar does: structured events, with attributes of its own added.
/// </summary>
internal sealed class EventCommands(HttpClient client, TimeProvider clock)
{
    public const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public string Action { get; init; } = "reserve";

    public string Kind { get; init; } = "compensatable";

    public string Step { get; init; } = "reserve-stock";

    public Task<string> DoAsync(string sagaId, string? data = null, Action<JsonObject>? change = null) =>
        SendAsync(Event(CommandKind.Do, sagaId, data ?? Commands.Data, change));

    public Task<string> ConfirmAsync(string sagaId) => SendAsync(Event(CommandKind.Confirm, sagaId, "{}", null));

    public Task<string> UndoAsync(string sagaId) => SendAsync(Event(CommandKind.Undo, sagaId, "{}", null));

    public Task<string> EndAsync(string outcome, params string[] sagaIds) => SendAsync(new JsonObject
    {
        ["specversion"] = "1.0",
        ["type"] = SagaEventTypes.Ended,
        ["id"] = "d7c1f9a2-7d0c-4b3a-8a55-0a3b2f1c9e10",
        ["source"] = "/sagas",
        ["time"] = Instants.Write(clock.GetUtcNow()),
        ["data"] = new JsonArray(
            [.. sagaIds.Select(id => new JsonObject { ["sagaId"] = id, ["outcome"] = outcome })]),
    });

    public JsonObject Event(CommandKind kind, string sagaId, string data, Action<JsonObject>? change)
    {
        var sent = new JsonObject
        {
            ["specversion"] = "1.0",
            ["type"] = SagaEventTypes.Of(kind),
            ["id"] = $"{sagaId}/{Step}/{WireWords.Of(kind)}",
            ["source"] = "/sagas/place-order",
            ["time"] = Instants.Write(clock.GetUtcNow()),
            ["sagaid"] = sagaId,
            ["sagastep"] = Step,
            ["sagaaction"] = Action,
            ["sagakind"] = Kind,
            ["sagaattempt"] = 1,
            ["traceparent"] = Trace,
            ["traceid"] = Trace,
            ["pubsubname"] = "pubsub",
            ["topic"] = "saga.inventory",
            ["data"] = JsonNode.Parse(data),
        };
        if (Kind == "compensatable")
        {
            sent["expirytime"] = Instants.Write(clock.GetUtcNow() + Commands.Hold);
            sent["sagaremaining"] = "60000";
        }

        change?.Invoke(sent);
        return sent;
    }

    public Task<string> SendAsync(JsonObject sent) => SendAsync(sent.ToJsonString());

    /// <summary>Delivers it; what the sidecar is told: SUCCESS, RETRY or DROP.</summary>
    public async Task<string> SendAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
        using var response = await client.PostAsync("/saga/events", content);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!.GetValue<string>();
    }
}
