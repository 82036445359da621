namespace Orchestrator.Core.Definitions.Rules;

/// <summary>An object of the file whose properties are known.</summary>
internal sealed class Section
{
    private readonly ObjectNode node;
    private readonly Findings findings;

    private Section(Place here, ObjectNode node, Findings findings)
    {
        Here = here;
        this.node = node;
        this.findings = findings;
    }

    public Place Here { get; }

    /// <summary>Null, and a problem, when the value is no object. Unknown properties are problems.</summary>
    public static Section? Open(Place place, IReadOnlyList<string> known, string example, Findings findings)
    {
        if (place.Value is not ObjectNode node)
        {
            findings.Add(place, $"Expected an object such as {example}, found {Values.Describe(place.Value)}.");
            return null;
        }

        foreach (var property in node.Properties.Where(property => !known.Contains(property.Name)))
        {
            findings.Add(
                property.Line,
                DefinitionPath.Of(place.Path, property.Name),
                $"There is no property \"{Values.Shorten(property.Name)}\" here. "
                + NearestName.Suggest(property.Name, known));
        }

        return new Section(place, node, findings);
    }

    public Place? Find(string name)
    {
        var property = node.Properties.FirstOrDefault(property => property.Name == name);
        if (property is null) return null;
        return new Place(property.Value.Line, DefinitionPath.Of(Here.Path, name), property.Value);
    }

    /// <summary>Null, and a problem, when the property is missing.</summary>
    public Place? Require(string name, string example)
    {
        var found = Find(name);
        if (found is null) findings.Add(Here, $"\"{name}\" is missing. Write for example: {example}");
        return found;
    }
}
