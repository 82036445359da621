using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

internal sealed class MappingSource : IMappingSource
{
    public JsonData Input { get; init; }

    public JsonData Saga { get; init; }

    public Dictionary<string, JsonData> Outputs { get; } = [];

    public JsonData? OutputOf(string step) => Outputs.TryGetValue(step, out var output) ? output : null;

    public static MappingSource WithInput(string json) => new() { Input = JsonData.FromText(json) };
}
