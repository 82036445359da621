using System.Buffers;
using System.Text.Json;

namespace Orchestrator.Contract.Ledger;

/// <summary>
/// Writes JSON so that two texts of the same value are the same bytes: members sorted by name, texts escaped alike, no
/// white space. Numbers stay as they are written. A broker's sidecar reads an event and writes it anew, in an order of
/// its own.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The canonical bytes; the given ones when they hold a text that is no Unicode.</summary>
    internal static ReadOnlyMemory<byte> Of(JsonData data)
    {
        try
        {
            using var document = JsonDocument.Parse(data.Utf8);
            var bytes = new ArrayBufferWriter<byte>(data.Utf8.Length + 1);
            using var json = new Utf8JsonWriter(bytes);
            Write(json, document.RootElement);
            json.Flush();
            return bytes.WrittenMemory;
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            return data.Utf8;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(json, item);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
