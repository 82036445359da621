using System.Buffers;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What the queries of a definition read from: one saga as it is now.</summary>
internal sealed class SagaMappingSource(StartedSaga saga) : IMappingSource
{
    private JsonData? facts;

    /// <inheritdoc />
    public JsonData Input => saga.Start.Input;

    /// <inheritdoc />
    public JsonData Saga => facts ??= WriteFacts(saga.Start, saga.ExpiresAt);

    /// <inheritdoc />
    public JsonData? OutputOf(string step) => Find(step)?.Output;

    /// <summary>True once the step has an output.</summary>
    public bool IsDone(string step) => Find(step) is { IsDone: true };

    private StepState? Find(string name)
    {
        foreach (var step in saga.Steps)
            if (step.Definition.Name == name)
                return step;
        return null;
    }

    private static JsonData WriteFacts(SagaStarted start, DateTimeOffset expiresAt)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", start.SagaId);
            json.WriteString("definition", start.Definition);
            json.WriteNumber("definitionVersion", start.DefinitionVersion);
            json.WriteString("startedAt", Instants.Write(start.At));
            json.WriteString("expiresAt", Instants.Write(expiresAt));
            json.WriteString("businessKey", start.BusinessKey);
            json.WriteStartObject("tags");
            foreach (var (name, value) in start.Tags) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new JsonData(buffer.WrittenMemory);
    }
}
