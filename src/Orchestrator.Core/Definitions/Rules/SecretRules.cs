using System.Collections.Immutable;
using Orchestrator.Core.Definitions.Queries;

namespace Orchestrator.Core.Definitions.Rules;

/// <summary>The list <c>secret</c>: queries that say which parts of inputs and outputs only operators see.</summary>
internal static class SecretRules
{
    public static ImmutableArray<string> Read(Place? place, ImmutableArray<StepDraft> steps, Findings findings)
    {
        if (place is null) return [];
        if (place.Value is not ListNode list)
        {
            findings.Add(place, $"Expected a list such as [$.input.card], found {Values.Describe(place.Value)}.");
            return [];
        }

        if (list.Items.Length > DefinitionLimits.Secrets)
        {
            findings.Add(
                place, $"There are {list.Items.Length} fields; at most {DefinitionLimits.Secrets} are allowed.");
            return [];
        }

        return
        [
            .. list.Items
                .Select((item, i) => new Place(item.Line, DefinitionPath.Of(place.Path, i), item))
                .Select(at => ReadOne(at, steps, findings))
                .OfType<string>(),
        ];
    }

    private static string? ReadOne(Place place, ImmutableArray<StepDraft> steps, Findings findings)
    {
        if (Values.Text(place, "a query such as $.input.card", findings) is not { } text) return null;
        if (!text.StartsWith('$'))
        {
            findings.Add(place, $"\"{Values.Shorten(text)}\" is no query. Write for example: $.input.card");
            return null;
        }

        if (Query.Read(text, out var problem) is not { } query)
        {
            findings.Add(place, problem!);
            return null;
        }

        if (query.Root == QueryRoot.Saga)
        {
            findings.Add(
                place, $"\"{text}\": $.saga holds what searches show, so none of it is secret. Write $.input or "
                + "$.steps.NAME.output and what follows.");
            return null;
        }

        if (query.Step is { } step)
            StepListRules.CheckReads([new StepRead(step, text, place.Line, place.Path)], steps, steps.Length, findings);
        return text;
    }
}
