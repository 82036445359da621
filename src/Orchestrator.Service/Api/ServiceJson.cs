using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contract;
using Orchestrator.Service.Api.Alerts;
using Orchestrator.Service.Api.Audit;
using Orchestrator.Service.Api.Batches;
using Orchestrator.Service.Api.Definitions;
using Orchestrator.Service.Api.Overview;
using Orchestrator.Service.Api.Participants;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Health;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api;

/// <summary>Source-generated JSON of the API: camelCase, nulls written, nothing by reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, Converters = [typeof(InstantConverter), typeof(JsonDataConverter)])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(StartedBody))]
[JsonSerializable(typeof(SagaBody))]
[JsonSerializable(typeof(SummaryBody))]
[JsonSerializable(typeof(ListBody))]
[JsonSerializable(typeof(CountsBody))]
[JsonSerializable(typeof(HistoryBody))]
[JsonSerializable(typeof(OverviewBody))]
[JsonSerializable(typeof(LedgersBody))]
[JsonSerializable(typeof(VersionsBody))]
[JsonSerializable(typeof(DefinitionListBody))]
[JsonSerializable(typeof(DefinitionBody))]
[JsonSerializable(typeof(DefinitionPutBody))]
[JsonSerializable(typeof(DefinitionValidBody))]
[JsonSerializable(typeof(TrialBody))]
[JsonSerializable(typeof(ParticipantBody))]
[JsonSerializable(typeof(ParticipantListBody))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(BatchListBody))]
[JsonSerializable(typeof(BatchAnswersBody))]
[JsonSerializable(typeof(BatchPreviewBody))]
[JsonSerializable(typeof(AuditListBody))]
[JsonSerializable(typeof(AlertListBody))]
[JsonSerializable(typeof(AlertTestBody))]
[JsonSerializable(typeof(WhoamiBody))]
[JsonSerializable(typeof(AliveBody))]
[JsonSerializable(typeof(ReadyBody))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ServiceJson : JsonSerializerContext;

/// <summary>What the API writes with.</summary>
internal static class WireJson
{
    /// <summary>
    /// Texts are not escaped for HTML: answers are never part of a page, and a participant's own words should be
    /// readable in a terminal.
    /// </summary>
    public static ServiceJson Types { get; } =
        new(
            new JsonSerializerOptions(ServiceJson.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
}

/// <summary>Instants as the contract writes them.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Instants.TryRead(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException("Not an RFC 3339 instant with an offset.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Instants.Write(value));
}

/// <summary>Data passes through byte for byte; it was checked when it came in.</summary>
internal sealed class JsonDataConverter : JsonConverter<JsonData>
{
    public override JsonData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonData.FromText(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, JsonData value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
