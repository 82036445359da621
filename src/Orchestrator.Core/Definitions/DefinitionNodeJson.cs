using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions;

/// <summary>Writes nodes as JSON: names in their order, numbers digit by digit as they were written.</summary>
internal static class DefinitionNodeJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonData Write(DefinitionNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, Options);
        Write(node, writer);
        writer.Flush();
        return new JsonData(bytes.WrittenSpan.ToArray());
    }

    public static void Write(DefinitionNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case TextNode text:
                writer.WriteStringValue(text.Text);
                break;
            case NumberNode number:
                writer.WriteRawValue(number.Json);
                break;
            case BooleanNode boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case NullNode:
                writer.WriteNullValue();
                break;
            case ListNode list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(item, writer);
                writer.WriteEndArray();
                break;
            case ObjectNode obj:
                writer.WriteStartObject();
                foreach (var property in obj.Properties)
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new UnreachableException($"A node of type {node.GetType()}.");
        }
    }
}
