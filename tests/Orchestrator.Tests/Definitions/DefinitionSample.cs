using System.Text;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;

namespace Orchestrator.Tests.Definitions;

/// <summary>Definitions as texts, and what became of them.</summary>
internal static class DefinitionSample
{
    public const string Head = """
        name: place-order
        deadline: 10m
        participants:
          inventory: { url: "http://127.0.0.1:5102" }
          payment: { app: payment, via: pubsub }

        """;

    public const string OneStep = """
        steps:
          - name: reserve-stock
            participant: inventory

        """;

    public const string Minimal = Head + OneStep;

    public static CheckedDefinition Read(string text, DefinitionFormat format = DefinitionFormat.Unsaid) =>
        DefinitionFile.Read(Encoding.UTF8.GetBytes(text), format);

    public static SagaDefinition Definition(string text)
    {
        var read = Read(text);
        read.Problems.Should().BeEmpty();
        return read.Definition!;
    }

    /// <summary>The only problem of a text.</summary>
    public static DefinitionProblem Problem(string text)
    {
        var read = Read(text);
        read.Definition.Should().BeNull();
        return read.Problems.Should().ContainSingle().Subject;
    }

    /// <summary>A definition whose only step has more properties, on line 9 and after.</summary>
    public static string WithStep(string properties) => Minimal + $"    {properties.Replace("\n", "\n    ", StringComparison.Ordinal)}\n";

    /// <summary>A definition with more properties, on line 9 and after.</summary>
    public static string With(string properties) => Minimal + properties + "\n";

    /// <summary>Steps by name and kind, each on its own line from 7 on.</summary>
    public static string WithKinds(params string[] kinds) =>
        Head + "steps:\n" + string.Concat(kinds.Select((kind, i) =>
            $"  - {{ name: s{i}, participant: inventory, {(kind == "unarmed" ? "confirm: none" : $"kind: {kind}")} }}\n"));
}
