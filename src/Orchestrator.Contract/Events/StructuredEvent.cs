using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orchestrator.Contract.Events;

/// <summary>
/// A CloudEvent in the structured mode: one JSON object with the attributes and the data. Attributes that nobody asks
/// for are passed over: a broker or a sidecar may add its own. Immutable; safe for any number of threads.
/// </summary>
public sealed class StructuredEvent
{
    // The data is inside of the event, which is one level more.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WireLimits.Nesting + 1 };

    private readonly Dictionary<string, string> attributes = new(StringComparer.Ordinal);

    private StructuredEvent()
    {
    }

    /// <summary>The attribute <c>type</c>; null when it is absent.</summary>
    public string? Type => this["type"];

    /// <summary>The data as it stands in the object; null when there is none.</summary>
    public JsonData? Data { get; private init; }

    /// <summary>
    /// An attribute by its name, a number or a boolean as it is written; null when it is absent or null.
    /// </summary>
    public string? this[string name] => attributes.GetValueOrDefault(name);

    /// <summary>Reads an event; null and a sentence when it is none.</summary>
    public static (StructuredEvent? Event, string? Complaint) Read(JsonData json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (Read(document.RootElement), null)
                : (null, "The body is no CloudEvent: it must be one JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, "The body is no CloudEvent: it is not JSON in UTF-8, or nested deeper than 64 levels.");
        }
    }

    private static StructuredEvent Read(JsonElement root)
    {
        var read = new StructuredEvent
        {
            Data = root.TryGetProperty("data", out var data)
                ? new JsonData(JsonMarshal.GetRawUtf8Value(data).ToArray())
                : null,
        };
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("data")) continue;
            if (ValueOf(member.Value) is { } value) read.attributes[member.Name] = value;
        }

        return read;
    }

    private static string? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        // No attribute of CloudEvents is an object or a list; whatever it is, it is not for us.
        _ => null,
    };
}
