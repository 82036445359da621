using System.Text;
using System.Text.Json;

namespace Orchestrator.Conformance.Wire;

/// <summary>Bodies as a report shows and compares them.</summary>
internal static class Bodies
{
    /// <summary>The text on one line, cut where it gets long.</summary>
    internal static string Show(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, KitLimits.ShownBody))
            .ReplaceLineEndings(" ");
        return body.Length > KitLimits.ShownBody ? $"{text}... ({body.Length} bytes)" : text;
    }

    /// <summary>The value, or null when the bytes are no JSON.</summary>
    internal static JsonElement? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member of an object as text; null when there is none.</summary>
    internal static string? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member.ToString() : null;
}
