using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions.Rules;

/// <summary>A step as far as it could be read; what could not be read is a problem already and null here.</summary>
internal sealed record StepDraft(Place At)
{
    public string? Name { get; init; }

    public Place? NameAt { get; init; }

    public StepKind? Kind { get; init; }

    public Place? KindAt { get; init; }

    public ImmutableArray<StepRead> Reads { get; init; } = [];

    public StepDefinition? Definition { get; init; }
}
