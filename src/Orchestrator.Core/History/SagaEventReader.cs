using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>
/// Reads what <see cref="SagaEventJson" /> wrote. An unknown event type or field, a missing field and a damaged text
/// are a <see cref="FormatException" />: a fold that leaves out a fact decides wrongly.
/// </summary>
internal static class SagaEventReader
{
    /// <summary>Inputs and outputs may be nested 64 deep; the events around them add a few.</summary>
    private const int MaxDepth = 128;

    public static ImmutableArray<SagaEvent> Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            Expect(ref reader, JsonTokenType.StartArray);
            var events = ImmutableArray.CreateBuilder<SagaEvent>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                events.Add(ReadFields(ref reader, utf8).ToEvent());
            // What follows the list is damage; the reader refuses all of it but white space.
            reader.Read();
            return events.DrainToImmutable();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The history cannot be read: {e.Message}", e);
        }
    }

    private static EventFields ReadFields(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("The history holds something that is no event.");
        var fields = default(EventFields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            ReadField(ref reader, utf8, name, ref fields);
        }

        return fields;
    }

    private static void ReadField(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, string name, ref EventFields fields)
    {
        switch (name)
        {
            case "type": fields.Type = reader.GetString(); break;
            case "at": fields.At = ReadInstant(ref reader); break;
            case "sagaId": fields.SagaId = reader.GetString(); break;
            case "definition": fields.Definition = reader.GetString(); break;
            case "definitionVersion": fields.DefinitionVersion = reader.GetInt32(); break;
            case "input": fields.Input = ReadData(ref reader, utf8); break;
            case "expiresAt": fields.ExpiresAt = ReadInstant(ref reader); break;
            case "businessKey": fields.BusinessKey = reader.GetString(); break;
            case "tags": fields.Tags = ReadTags(ref reader); break;
            case "traceparent": fields.TraceParent = reader.GetString(); break;
            case "step": fields.Step = reader.GetString(); break;
            case "command": fields.Command = reader.GetString(); break;
            case "attempt": fields.Attempt = reader.GetInt32(); break;
            case "data": fields.Data = ReadData(ref reader, utf8); break;
            case "askAt": fields.AskAt = reader.GetString(); break;
            case "timer": fields.Timer = reader.GetString(); break;
            case "dueAt": fields.DueAt = ReadInstant(ref reader); break;
            case "actor": fields.Actor = reader.GetString(); break;
            case "reason": fields.Reason = reader.GetString(); break;
            case "outcome": fields.Outcome = reader.GetString(); break;
            case "warning": fields.Warning = reader.GetString(); break;
            case "output": fields.Output = ReadData(ref reader, utf8); break;
            case "retry": fields.Retry = RetryOverrideJson.Read(ReadData(ref reader, utf8)); break;
            default: ReadAnswerField(ref reader, name, ref fields); break;
        }
    }

    private static void ReadAnswerField(ref Utf8JsonReader reader, string name, ref EventFields fields)
    {
        switch (name)
        {
            case "status": fields.Status = reader.GetInt32(); break;
            case "silence": fields.Silence = reader.GetString(); break;
            case "code": fields.Code = reader.GetString(); break;
            case "text": fields.Text = reader.GetString(); break;
            case "unreadable": fields.Unreadable = reader.GetBoolean(); break;
            case "location": fields.Location = reader.GetString(); break;
            case "ledgerState": fields.LedgerState = reader.GetString(); break;
            case "ledger": fields.Ledger = reader.GetString(); break;
            default: ReadCountedField(ref reader, name, ref fields); break;
        }
    }

    private static void ReadCountedField(ref Utf8JsonReader reader, string name, ref EventFields fields)
    {
        switch (name)
        {
            case "tries": fields.Tries = reader.GetInt32(); break;
            case "failures": fields.Failures = reader.GetInt32(); break;
            case "needsPerson": fields.NeedsPerson = reader.GetBoolean(); break;
            case "firstSentAt": fields.FirstSentAt = ReadInstant(ref reader); break;
            case "mayStillRun": fields.MayStillRun = reader.GetBoolean(); break;
            case "undosAcknowledged": fields.UndosAcknowledged = reader.GetInt32(); break;
            case "undosBefore": fields.UndosBefore = reader.GetInt32(); break;
            case "ledgerLost": fields.LedgerLost = reader.GetString(); break;
            default: ReadVerbField(ref reader, name, ref fields); break;
        }
    }

    private static void ReadVerbField(ref Utf8JsonReader reader, string name, ref EventFields fields)
    {
        switch (name)
        {
            case "hasLedger": fields.HasLedger = reader.GetBoolean(); break;
            case "hasAnsweredWithoutLedger": fields.HasAnsweredWithoutLedger = reader.GetBoolean(); break;
            case "extension": fields.Extension = reader.GetInt32(); break;
            case "as": fields.As = reader.GetString(); break;
            case "rerunOf": fields.RerunOf = reader.GetString(); break;
            case "rerunAs": fields.RerunAs = reader.GetString(); break;
            case "participant": fields.Participant = reader.GetString(); break;
            case "batch": fields.Batch = reader.GetString(); break;
            default: throw EventNames.Unknown("field", name);
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadTags(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("The tags are no object.");
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            tags[name] = reader.GetString()!;
        }

        return tags.ToImmutable();
    }

    private static JsonData ReadData(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonData(utf8[start..(int)reader.BytesConsumed]);
    }

    private static DateTimeOffset ReadInstant(ref Utf8JsonReader reader) =>
        new(reader.GetDateTime().ToUniversalTime(), TimeSpan.Zero);

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
            throw new FormatException("The history is not a list of events.");
    }
}
