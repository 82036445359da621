using System.Text.Json.Serialization;

namespace Orchestrator.Service.Events;

/// <summary>A subscription as a sidecar wants it declared.</summary>
internal sealed record Subscription(
    [property: JsonPropertyName("pubsubname")] string PubSubName,
    [property: JsonPropertyName("topic")] string Topic,
    [property: JsonPropertyName("route")] string Route);

/// <summary>Source-generated JSON of what is said to the sidecar.</summary>
[JsonSerializable(typeof(Subscription[]))]
internal sealed partial class EventJson : JsonSerializerContext;
