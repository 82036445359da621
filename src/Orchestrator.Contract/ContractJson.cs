using System.Text.Json.Serialization;

namespace Orchestrator.Contract;

/// <summary>Source-generated JSON of the wire: camelCase, nothing by reflection.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EndedSaga[]))]
[JsonSerializable(typeof(List<EndedSaga>))]
public sealed partial class ContractJson : JsonSerializerContext;
