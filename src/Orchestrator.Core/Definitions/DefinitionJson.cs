using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// The canonical form of a definition: JSON without white space, every value written out (defaults too, so that a later
/// default changes no stored definition), durations in the short form. Two definitions mean the same exactly when their
/// canonical bytes are equal. Reading it as a definition's file gives the same definition again.
/// </summary>
/// <remarks>
/// Within <c>input</c> and <c>output</c> the order of names counts, because it is the order that is sent.
/// </remarks>
public static class DefinitionJson
{
    /// <summary>Writes a definition; its version is not part of it.</summary>
    public static JsonData Write(SagaDefinition definition)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, DefinitionNodeJson.Options);
        writer.WriteStartObject();
        writer.WriteString("name", definition.Name);
        writer.WriteString("deadline", Durations.Write(definition.Deadline));
        writer.WriteString("maxDeadline", Durations.Write(definition.MaxDeadline));
        writer.WriteString("guard", Durations.Write(definition.Guard));
        writer.WriteStartObject("participants");
        foreach (var participant in definition.Participants.OrderBy(one => one.Name, StringComparer.Ordinal))
            WriteParticipant(writer, participant);
        writer.WriteEndObject();
        writer.WriteStartArray("steps");
        foreach (var step in definition.Steps) WriteStep(writer, step);
        writer.WriteEndArray();
        if (definition.Output is { } output) WriteMapping(writer, "output", output);
        if (!definition.Secret.IsEmpty) WriteSecret(writer, definition.Secret);
        writer.WriteEndObject();
        writer.Flush();
        return new JsonData(bytes.WrittenSpan.ToArray());
    }

    private static void WriteSecret(Utf8JsonWriter writer, ImmutableArray<string> secret)
    {
        writer.WriteStartArray("secret");
        foreach (var query in secret) writer.WriteStringValue(query);
        writer.WriteEndArray();
    }

    private static void WriteParticipant(Utf8JsonWriter writer, ParticipantDefinition participant)
    {
        writer.WriteStartObject(participant.Name);
        if (participant.Url is { } url) writer.WriteString("url", url.AbsoluteUri);
        if (participant.App is { } app) writer.WriteString("app", app);
        if (participant.ViaPubSub) writer.WriteString("via", "pubsub");
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, StepDefinition step)
    {
        writer.WriteStartObject();
        writer.WriteString("name", step.Name);
        writer.WriteString("participant", step.Participant);
        writer.WriteString("action", step.Action);
        if (step.Kind is StepKind.Pivot) writer.WriteString("kind", "pivot");
        if (step.Kind is StepKind.Retriable) writer.WriteString("kind", "retriable");
        if (!step.Input.Equals(InputMapping.WholeInput)) WriteMapping(writer, "input", step.Input);
        writer.WriteString("do", step.DoPath);
        if (step.Kind is StepKind.Compensatable) writer.WriteString("confirm", step.ConfirmPath);
        if (step.Kind is StepKind.Unarmed) writer.WriteString("confirm", "none");
        if (step.Kind is StepKind.Compensatable or StepKind.Unarmed) writer.WriteString("undo", step.UndoPath);
        WriteRetry(writer, step.Retry);
        writer.WriteEndObject();
    }

    private static void WriteRetry(Utf8JsonWriter writer, RetryPolicy retry)
    {
        writer.WriteStartObject("retry");
        writer.WriteString("first", Durations.Write(retry.First));
        writer.WriteNumber("factor", retry.Factor);
        writer.WriteString("longest", Durations.Write(retry.Longest));
        writer.WriteNumber("attempts", retry.Attempts);
        writer.WriteString("timeout", Durations.Write(retry.Timeout));
        writer.WriteEndObject();
    }

    private static void WriteMapping(Utf8JsonWriter writer, string name, InputMapping mapping)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(mapping.Written.Utf8.Span, skipInputValidation: true);
    }
}
