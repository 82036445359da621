using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Contract.Events;

/// <summary>Writes a CloudEvent in the structured mode. Used once and disposed; not safe for several threads.</summary>
public sealed class StructuredEventWriter : IDisposable
{
    /// <summary>The media type of an event in the structured mode.</summary>
    public const string MediaType = "application/cloudevents+json";

    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Utf8JsonWriter json;

    /// <summary>Begins an event with what every event has.</summary>
    /// <param name="type">One of <see cref="SagaEventTypes" />.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="at">When.</param>
    public StructuredEventWriter(string type, string id, string source, DateTimeOffset at)
    {
        json = new Utf8JsonWriter(
            bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        Add("specversion", "1.0");
        Add("type", type);
        Add("id", id);
        Add("source", source);
        Add("time", Instants.Write(at));
    }

    /// <summary>Adds a text; a null adds nothing.</summary>
    public void Add(string attribute, string? value)
    {
        if (value is not null) json.WriteString(attribute, value);
    }

    /// <summary>Adds a whole number of at most 32 bits, as CloudEvents has them.</summary>
    public void Add(string attribute, int value) => json.WriteNumber(attribute, value);

    /// <summary>Adds the data, ends the event and gives its text.</summary>
    public JsonData End(JsonData data, string contentType = "application/json")
    {
        json.WriteString(SagaAttributes.DataContentType, contentType);
        json.WritePropertyName("data");
        json.WriteRawValue(data.Utf8.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return new JsonData(bytes.WrittenMemory);
    }

    /// <inheritdoc />
    public void Dispose() => json.Dispose();
}
