using System.Collections.Immutable;
using Orchestrator.Core.Definitions.Rules;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// Turns the values of a definition's file into a definition, or into all of its problems at once. Pure; safe for any
/// number of threads.
/// </summary>
public static class DefinitionRules
{
    /// <summary>
    /// The path <c>/definitions/schema.json</c> serves the schema, so no definition can have that address.
    /// </summary>
    private const string ReservedName = "schema.json";

    /// <summary>Checks a definition.</summary>
    /// <param name="root">The file's outermost value.</param>
    /// <param name="expectedName">
    /// The name it is stored under; another name in the file is a problem. Null for any.
    /// </param>
    public static CheckedDefinition Check(DefinitionNode root, string? expectedName = null)
    {
        var findings = new Findings();
        var place = new Place(root.Line, DefinitionPath.Root, root);
        var section = Section.Open(place, DefinitionProperties.Definition, "{ name: place-order }", findings);
        var definition = section is null ? null : Read(section, expectedName, findings);
        return new CheckedDefinition(findings.Count == 0 ? definition : null, findings.ByLine())
        {
            ParticipantLines = ParticipantRules.LinesOf(section?.Find("participants")),
        };
    }

    /// <summary>Checks a participant that is registered by itself: its name, its address and the way to it.</summary>
    public static CheckedParticipant CheckParticipant(string name, string? url, string? app, string? via)
    {
        var findings = new Findings();
        NameRules.Check(name, 0, "name", findings);
        if (url is null && app is null)
            findings.Add(0, "url", "\"url\" is missing. Write for example: \"http://127.0.0.1:5102\"");
        if (url is not null && app is not null)
            findings.Add(0, "app", "There are \"url\" and \"app\". Write exactly one.");
        var address = url is null ? null : PathRules.ReadUrl(new Place(0, "url", new TextNode(0, url)), findings);
        if (app is not null) NameRules.Check(app, 0, "app", findings);
        if (via is not (null or "pubsub"))
        {
            findings.Add(
                0, "via", $"Expected pubsub, found \"{Values.Shorten(via)}\". Leave \"via\" out for direct calls.");
        }

        return new CheckedParticipant(
            findings.Count == 0 ? new ParticipantDefinition(name, address, app, via is not null) : null,
            findings.ByLine());
    }

    private static SagaDefinition Read(Section root, string? expectedName, Findings findings)
    {
        var name = ReadName(root, expectedName, findings);
        Values.Text(root.Find("$schema"), "the address of the schema", findings);
        var deadlines = DeadlineRules.Read(root, findings);
        var retry = RetryRules.Read(root.Find("retry"), RetryPolicy.Default, findings);
        var participants = ImmutableArray.CreateBuilder<ParticipantDefinition>();
        var declared = ParticipantRules.Read(root, participants, findings);
        var steps = StepListRules.Read(root, declared, retry, findings);
        return new SagaDefinition
        {
            Name = name ?? "",
            Version = 0,
            Deadline = deadlines.Deadline,
            MaxDeadline = deadlines.MaxDeadline,
            Guard = deadlines.Guard,
            Participants = participants.ToImmutable(),
            Steps = [.. steps.Select(step => step.Definition).OfType<StepDefinition>()],
            Output = ReadOutput(root.Find("output"), steps, findings),
            Secret = SecretRules.Read(root.Find("secret"), steps, findings),
        };
    }

    private static string? ReadName(Section root, string? expectedName, Findings findings)
    {
        var place = root.Require("name", $"name: {expectedName ?? "place-order"}");
        var name = NameRules.Read(place, "the definition's name", findings);
        if (name == ReservedName)
            findings.Add(place!, $"\"{ReservedName}\" is the address of the schema. Choose another name.");
        else if (name is not null && expectedName is not null && name != expectedName)
            findings.Add(place!, $"The file says \"{name}\", its address \"{expectedName}\". Make them equal.");
        return name;
    }

    private static InputMapping? ReadOutput(Place? place, ImmutableArray<StepDraft> steps, Findings findings)
    {
        if (place is null) return null;
        var output = InputMapping.Compile(place.Value, place.Path);
        findings.Add(output.Problems);
        StepListRules.CheckReads(output.Reads, steps, steps.Length, findings);
        return output.Mapping;
    }
}
