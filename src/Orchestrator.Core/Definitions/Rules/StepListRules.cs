using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions.Rules;

/// <summary>
/// The section <c>steps</c>: number, unique names, order of the kinds, and which step's output may be read where.
/// </summary>
internal static class StepListRules
{
    public static ImmutableArray<StepDraft> Read(
        Section root, IReadOnlyList<string>? participants, RetryPolicy retry, Findings findings)
    {
        var place = root.Require("steps", "steps: [ { name: reserve-stock, participant: inventory } ]");
        if (place is null) return [];
        if (place.Value is not ListNode list)
        {
            findings.Add(place, $"Expected a list of steps, found {Values.Describe(place.Value)}.");
            return [];
        }

        if (list.Items.IsEmpty) findings.Add(place, "There is no step. Write at least one.");
        if (list.Items.Length > DefinitionLimits.Steps)
        {
            findings.Add(place, $"There are {list.Items.Length} steps; at most {DefinitionLimits.Steps} are allowed.");
            return [];
        }

        ImmutableArray<StepDraft> steps =
        [
            .. list.Items
                .Select((item, i) => new Place(item.Line, DefinitionPath.Of(place.Path, i), item))
                .Select(at => StepRules.Read(at, participants, retry, findings)),
        ];
        CheckNames(steps, findings);
        CheckOrder(steps, findings);
        for (var i = 0; i < steps.Length; i++) CheckReads(steps[i].Reads, steps, i, findings);
        return steps;
    }

    /// <summary>
    /// Holds queries against the steps before number <paramref name="reader" />; for the output that is all of them.
    /// </summary>
    public static void CheckReads(
        ImmutableArray<StepRead> reads, ImmutableArray<StepDraft> steps, int reader, Findings findings)
    {
        // While a name is wrong nobody knows what it should have been.
        if (steps.Any(step => step.Name is null)) return;
        var names = steps.Select(step => step.Name!).ToList();
        foreach (var read in reads)
        {
            // No more are reported, and looking for the name that was meant costs something for each.
            if (findings.Count >= DefinitionLimits.Problems) return;
            var index = names.IndexOf(read.Step);
            if (index >= 0 && index < reader) continue;
            var problem = index < 0
                ? $"there is no step \"{read.Step}\". {NearestName.Suggest(read.Step, names[..reader])}"
                : index == reader ? "a step cannot read its own output."
                : $"the step \"{read.Step}\" comes later; only the output of earlier steps is known.";
            findings.Add(read.Line, read.Path, $"\"{read.Query}\": {problem}");
        }
    }

    private static void CheckNames(ImmutableArray<StepDraft> steps, Findings findings)
    {
        var seen = new Dictionary<string, int>();
        foreach (var step in steps.Where(step => step.Name is not null))
        {
            var line = step.NameAt!.Line;
            if (!seen.TryAdd(step.Name!, line))
                findings.Add(step.NameAt, $"The step in line {seen[step.Name!]} is already called \"{step.Name}\".");
        }
    }

    private static void CheckOrder(ImmutableArray<StepDraft> steps, Findings findings)
    {
        StepDraft? pivot = null;
        StepDraft? retriable = null;
        foreach (var step in steps)
        {
            var problem = step.Kind switch
            {
                StepKind.Compensatable or StepKind.Unarmed when (pivot ?? retriable) is { } before =>
                    $"It can be undone, so it cannot come after {Shown(before)}, after which nothing is undone. "
                    + "Move it up, or make it retriable.",
                StepKind.Pivot when pivot is not null =>
                    $"There is already a pivot, {Shown(pivot)}; there can be only one point of no return.",
                StepKind.Pivot when retriable is not null =>
                    $"It may be refused, so it cannot come after the retriable {Shown(retriable)}. Move it up.",
                _ => null,
            };
            if (problem is not null) findings.Add(step.KindAt ?? step.At, problem);
            if (step.Kind == StepKind.Pivot) pivot ??= step;
            if (step.Kind == StepKind.Retriable) retriable ??= step;
        }
    }

    private static string Shown(StepDraft step) =>
        step.Name is null ? $"the step in line {step.At.Line}" : $"\"{step.Name}\"";
}
