using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// A call as the input of a scheduled action: all that its caller needs, so that any process of the app can carry it
/// out. Large data stays out of it (the sidecar keeps every input for the life of the instance) and is taken from the
/// saga's state.
/// </summary>
/// <param name="Call">The call; its data is null when it was left out.</param>
/// <param name="LeavesDataOut">Whether it was.</param>
internal sealed record CallPayload(ParticipantCall Call, bool LeavesDataOut)
{
    /// <summary>The payload of a call.</summary>
    public static CallPayload Of(ParticipantCall call) => call.Data.Utf8.Length <= DaprLimits.MaxInlineData
        ? new CallPayload(call, false)
        : new CallPayload(call with { Data = JsonData.Null }, true);

    /// <summary>What the history keeps of the call.</summary>
    public CallSent ToSent(DateTimeOffset at) => new()
    {
        At = at,
        Step = Call.Step,
        Command = Call.Command,
        Attempt = Call.Attempt,
        AskAt = Call.AskAt,
        ExpiresAt = Call.ExpiresAt,
        Extension = Call.Extension,
    };

    /// <summary>The JSON the sidecar keeps.</summary>
    public string Write() => JsonSerializer.Serialize(this, PayloadJson.Default.CallPayload);

    /// <summary>Reads it. What is no payload of ours is a <see cref="FormatException" />.</summary>
    public static CallPayload Read(string? json)
    {
        try
        {
            return JsonSerializer.Deserialize(json ?? "null", PayloadJson.Default.CallPayload)
                ?? throw new FormatException("A scheduled action holds no call.");
        }
        catch (JsonException e)
        {
            throw new FormatException("A scheduled action holds no call of a saga.", e);
        }
    }
}

/// <summary>JSON that is passed on byte by byte.</summary>
internal sealed class JsonDataConverter : JsonConverter<JsonData>
{
    /// <inheritdoc />
    public override bool HandleNull => true;

    /// <inheritdoc />
    public override JsonData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonData.FromText(document.RootElement.GetRawText());
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, JsonData value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}

/// <summary>Source-generated JSON of payloads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    MaxDepth = DaprLimits.MaxPayloadDepth,
    Converters = [typeof(JsonDataConverter)])]
[JsonSerializable(typeof(CallPayload))]
[JsonSerializable(typeof(RaisedVerb))]
[JsonSerializable(typeof(SagaStatus))]
internal sealed partial class PayloadJson : JsonSerializerContext;
