using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions.Rules;

/// <summary>The section <c>participants</c>.</summary>
internal static class ParticipantRules
{
    /// <summary>
    /// The names that are declared, whether all is well with them or not; null when the section itself is wrong.
    /// </summary>
    public static IReadOnlyList<string>? Read(
        Section root, ImmutableArray<ParticipantDefinition>.Builder participants, Findings findings)
    {
        var place = root.Require("participants", "participants: { inventory: { url: \"http://127.0.0.1:5102\" } }");
        if (place is null) return null;
        if (place.Value is not ObjectNode node)
        {
            findings.Add(
                place,
                "Expected an object of participants by name, such as { inventory: { url: \"http://127.0.0.1:5102\" } }"
                + $", found {Values.Describe(place.Value)}.");
            return null;
        }

        if (node.Properties.Length > DefinitionLimits.Participants)
            findings.Add(place, $"There are more than {DefinitionLimits.Participants} participants.");
        foreach (var property in node.Properties)
        {
            var path = DefinitionPath.Of(place.Path, property.Name);
            NameRules.Check(property.Name, property.Line, path, findings);
            if (ReadOne(property.Name, new Place(property.Value.Line, path, property.Value), findings) is { } read)
                participants.Add(read);
        }

        return [.. node.Properties.Select(property => property.Name)];
    }

    /// <summary>The line each participant begins on.</summary>
    public static IReadOnlyDictionary<string, int> LinesOf(Place? place) => place?.Value is ObjectNode node
        ? node.Properties.ToDictionary(property => property.Name, property => property.Line, StringComparer.Ordinal)
        : new Dictionary<string, int>();

    private static ParticipantDefinition? ReadOne(string name, Place place, Findings findings)
    {
        const string example = "{ url: \"http://127.0.0.1:5102\" }";
        var section = Section.Open(place, DefinitionProperties.Participant, example, findings);
        if (section is null) return null;
        var urlAt = section.Find("url");
        var appAt = section.Find("app");
        if (urlAt is null == appAt is null)
        {
            var given = urlAt is null ? "neither" : "both";
            findings.Add(
                place, $"The participant has {given} of \"url\" and \"app\". Write exactly one: {example}");
        }

        var url = PathRules.ReadUrl(urlAt, findings);
        var app = NameRules.Read(appAt, "the participant's Dapr application id", findings);
        var viaAt = section.Find("via");
        var via = Values.Text(viaAt, "pubsub", findings);
        if (via is not (null or "pubsub"))
        {
            findings.Add(
                viaAt!, $"Expected pubsub, found \"{Values.Shorten(via)}\". Leave \"via\" out for direct calls.");
        }

        return new ParticipantDefinition(name, url, app, via is not null);
    }
}
