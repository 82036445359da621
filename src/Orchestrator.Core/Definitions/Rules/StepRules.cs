namespace Orchestrator.Core.Definitions.Rules;

/// <summary>One step, read by itself; what it has to do with the others is <see cref="StepListRules" />.</summary>
internal sealed class StepRules
{
    private const string Example = "{ name: reserve-stock, participant: inventory }";
    private static readonly string[] Kinds = ["compensatable", "pivot", "retriable"];

    private readonly Section section;
    private readonly Findings findings;

    private StepRules(Section section, Findings findings)
    {
        this.section = section;
        this.findings = findings;
    }

    public static StepDraft Read(Place place, IReadOnlyList<string>? participants, RetryPolicy retry, Findings findings)
    {
        var step = Section.Open(place, DefinitionProperties.Step, Example, findings);
        return step is null ? new StepDraft(place) : new StepRules(step, findings).Read(participants, retry);
    }

    private StepDraft Read(IReadOnlyList<string>? participants, RetryPolicy retry)
    {
        var nameAt = section.Require("name", "name: reserve-stock");
        var name = NameRules.Read(nameAt, "the step's name", findings);
        var participant = ReadParticipant(participants);
        var action = NameRules.Read(section.Find("action"), "the name of an action", findings) ?? name;
        var kindAt = section.Find("kind");
        var kind = ReadKind(kindAt);
        var inputAt = section.Find("input");
        var input = inputAt is null ? null : InputMapping.Compile(inputAt.Value, inputAt.Path);
        if (input is not null) findings.Add(input.Problems);
        var doPath = PathRules.ReadPath(section.Find("do"), findings);
        var confirmPath = ReadConfirm(kind);
        var undoPath = ReadUndo(kind);
        if (IsConfirmNone && kind == StepKind.Compensatable) kind = StepKind.Unarmed;
        var policy = RetryRules.Read(section.Find("retry"), retry, findings);
        return new StepDraft(section.Here)
        {
            Name = name,
            NameAt = nameAt,
            Kind = kind,
            KindAt = kindAt,
            Reads = input?.Reads ?? [],
            Definition = name is null || kind is null || participant is null ? null : new StepDefinition
            {
                Name = name,
                Participant = participant,
                Action = action!,
                Kind = kind.Value,
                DoPath = doPath ?? StepPaths.Do(action!),
                ConfirmPath = confirmPath ?? StepPaths.Confirm(action!),
                UndoPath = undoPath ?? StepPaths.Undo(action!),
                Input = input?.Mapping ?? InputMapping.WholeInput,
                Retry = policy,
            },
        };
    }

    private bool IsConfirmNone => section.Find("confirm")?.Value is TextNode { Text: "none" };

    private string? ReadParticipant(IReadOnlyList<string>? declared)
    {
        var place = section.Require("participant", "participant: inventory");
        var name = NameRules.Read(place, "the name of a participant", findings);
        if (name is not null && declared is not null && !declared.Contains(name))
        {
            findings.Add(
                place!, $"\"{name}\" is not declared under \"participants\". {NearestName.Suggest(name, declared)}");
        }

        return name;
    }

    /// <summary>Null, and a problem, when it is none of the known ones.</summary>
    private StepKind? ReadKind(Place? place)
    {
        if (place is null) return StepKind.Compensatable;
        var kind = Values.Text(place, "compensatable, pivot or retriable", findings);
        switch (kind)
        {
            case null: return null;
            case "compensatable": return StepKind.Compensatable;
            case "pivot": return StepKind.Pivot;
            case "retriable": return StepKind.Retriable;
            case "unarmed":
                findings.Add(place, "An unarmed step is written as \"confirm: none\", without \"kind\".");
                return null;
            default:
                findings.Add(
                    place,
                    $"\"{Values.Shorten(kind)}\" is no kind of step: compensatable (the default), pivot or retriable. "
                    + NearestName.Suggest(kind, Kinds));
                return null;
        }
    }

    private string? ReadConfirm(StepKind? kind)
    {
        var place = section.Find("confirm");
        if (place is null) return null;
        if (kind is StepKind.Pivot or StepKind.Retriable)
        {
            findings.Add(
                place, $"A {Name(kind)} step is never confirmed: it is final once it is done. Leave \"confirm\" out.");
            return null;
        }

        return IsConfirmNone ? null : PathRules.ReadPath(place, findings);
    }

    private string? ReadUndo(StepKind? kind)
    {
        var place = section.Find("undo");
        if (kind is not (StepKind.Pivot or StepKind.Retriable)) return PathRules.ReadPath(place, findings);
        if (place is null) return null;
        findings.Add(
            place,
            $"A {Name(kind)} step cannot be undone. Leave \"undo\" out, or make the step compensatable and move it "
            + "before the point of no return.");
        return null;
    }

    private static string Name(StepKind? kind) => kind == StepKind.Pivot ? "pivot" : "retriable";
}
