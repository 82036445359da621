using BenchmarkDotNet.Attributes;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>Mapping one step's input.</summary>
[MemoryDiagnoser]
public class Mappings
{
    private readonly InputMapping mapping = InputMapping.Compile(
        JsonData.FromText("""{"sku":"$.input.sku","quantity":"$.input.lines[1].quantity","first":"$.steps.one.output.id"}""")).Mapping!;

    private readonly IMappingSource source = new Source();

    [Benchmark(Description = "map an input of three queries")]
    public Mapped Map() => mapping.Map(source);

    private sealed class Source : IMappingSource
    {
        private readonly JsonData output = JsonData.FromText("""{"id":"r-4711"}""");

        public JsonData Input { get; } = JsonData.FromText(
            """{"order":"o-4711","sku":"A1","lines":[{"quantity":1},{"quantity":2}],"amount":1999}""");

        public JsonData Saga { get; } = JsonData.FromText("""{"id":"s"}""");

        public JsonData? OutputOf(string step) => output;
    }
}
