using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions;

/// <summary>Paths of names within one payload that are secret. Filled while it is made, unchanged afterwards.</summary>
internal sealed class SecretTree
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Dictionary<string, SecretTree> names = new(StringComparer.Ordinal);
    private bool isAll;

    /// <summary>True when nothing is secret.</summary>
    public bool IsEmpty => !isAll && names.Count == 0;

    /// <summary>Marks what stands at a path, with all that is in it.</summary>
    public void Add(ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            isAll = true;
            return;
        }

        if (!names.TryGetValue(path[0], out var child)) names[path[0]] = child = new SecretTree();
        child.Add(path[1..]);
    }

    /// <summary>The same with what is secret covered; whatever is not is copied byte for byte.</summary>
    public JsonData Cover(JsonData payload)
    {
        if (IsEmpty) return payload;
        using var document = JsonDocument.Parse(payload.Utf8, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var bytes = new ArrayBufferWriter<byte>(payload.Utf8.Length);
        using var writer = new Utf8JsonWriter(bytes, Options);
        try
        {
            Write(writer, document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // A name that is no text, such as half a surrogate pair: nobody can say what stands under it.
            return SecretFields.Mask;
        }

        writer.Flush();
        return new JsonData(bytes.WrittenMemory);
    }

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        // That there is none is no secret, and says that nothing was sent.
        if (isAll && value.ValueKind != JsonValueKind.Null)
        {
            writer.WriteRawValue(SecretFields.Mask.Utf8.Span, skipInputValidation: true);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    if (names.TryGetValue(property.Name, out var child)) child.Write(writer, property.Value);
                    else writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }
}
