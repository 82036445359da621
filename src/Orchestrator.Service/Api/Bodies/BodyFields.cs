using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>Reads the properties of a small JSON object and notes everything that is wrong with them.</summary>
internal sealed class BodyFields
{
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
    private readonly List<ProblemItem> problems;

    public BodyFields(JsonElement root, IReadOnlyCollection<string> known, List<ProblemItem> problems)
    {
        this.problems = problems;
        if (root.ValueKind == JsonValueKind.Null) return;
        if (root.ValueKind != JsonValueKind.Object)
        {
            Add("", "The body must be a JSON object.");
            return;
        }

        foreach (var property in root.EnumerateObject())
        {
            if (!known.Contains(property.Name)) Add(property.Name, Unknown(property.Name, known));
            else if (!values.TryAdd(property.Name, property.Value))
                Add(property.Name, $"\"{property.Name}\" is given twice.");
        }
    }

    /// <summary>A text, at most so long; null when it is absent, null or wrong.</summary>
    public string? Text(string name, int longest)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Add(name, $"\"{name}\" must be a text.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > longest) Add(name, $"\"{name}\" is longer than {longest} characters. Shorten it.");
        else if (text.Contains('\0', StringComparison.Ordinal))
            Add(name, $"\"{name}\" has a NUL character. Leave it out.");
        return text;
    }

    /// <summary>A whole number within bounds; null when it is absent, null or wrong.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= least && number <= most)
            return number;
        Add(name, $"\"{name}\" must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>True or false; null when it is absent, null or wrong.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Add(name, $"\"{name}\" must be true or false.");
        return null;
    }

    /// <summary>True when it is given, null or not.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>Any JSON value, byte for byte; null when it is absent or null.</summary>
    public JsonData? Data(string name) => Find(name) is { } value ? JsonData.FromText(value.GetRawText()) : null;

    /// <summary>Notes something that is wrong.</summary>
    public void Add(string path, string message) => problems.Add(new ProblemItem(null, path, message));

    private JsonElement? Find(string name) =>
        values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Unknown(string name, IReadOnlyCollection<string> known)
    {
        var shown = name.Length > 100 ? name[..100] + "..." : name;
        return known.Count == 0
            ? $"\"{shown}\" is not known here; nothing is."
            : $"\"{shown}\" is not known here. Known are: {string.Join(", ", known)}.";
    }
}
