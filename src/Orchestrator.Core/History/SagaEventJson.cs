using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>
/// Events as JSON: one array per turn. The participants' and callers' own JSON is embedded as it is, byte by byte. What
/// is read back equals what was written; see <see cref="SagaEventReader" />.
/// </summary>
public static class SagaEventJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>
    /// Makes a writer that can be used for one turn after the other (Reset); not safe for several threads.
    /// </summary>
    public static Utf8JsonWriter CreateWriter(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes the events of one turn as one array and flushes the writer.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<SagaEvent> events)
    {
        writer.WriteStartArray();
        for (var i = 0; i < events.Count; i++) Write(writer, events[i]);
        writer.WriteEndArray();
        writer.Flush();
    }

    /// <summary>Writes one event as an object.</summary>
    public static void Write(Utf8JsonWriter writer, SagaEvent e)
    {
        writer.WriteStartObject();
        writer.WriteString(EventNames.Type, EventNames.TypeOf(e));
        writer.WriteString(EventNames.At, e.At.UtcDateTime);
        WriteFields(writer, e);
        writer.WriteEndObject();
    }

    /// <summary>Reads the events of one turn. Anything unknown in it is a <see cref="FormatException" />.</summary>
    public static ImmutableArray<SagaEvent> Read(ReadOnlyMemory<byte> utf8) => SagaEventReader.Read(utf8);

    private static void WriteFields(Utf8JsonWriter writer, SagaEvent e)
    {
        switch (e)
        {
            case SagaStarted started:
                WriteStarted(writer, started);
                break;
            case CallSent sent:
                WriteCall(writer, sent.Step, sent.Command, sent.Attempt);
                WriteData(writer, EventNames.Data, sent.Data);
                WriteText(writer, EventNames.AskAt, sent.AskAt);
                if (sent.ExpiresAt is { } at) writer.WriteString(EventNames.ExpiresAt, at.UtcDateTime);
                WriteExtension(writer, sent.Extension);
                break;
            case CallAnswered answered:
                WriteCall(writer, answered.Step, answered.Command, answered.Attempt);
                WriteExtension(writer, answered.Extension);
                WriteRetry(writer, answered.Retry);
                WriteAnswer(writer, answered.Answer);
                break;
            case TimerSet timer:
                writer.WriteString(EventNames.Timer, timer.Timer);
                writer.WriteString(EventNames.DueAt, timer.DueAt.UtcDateTime);
                break;
            case TimerPassed passed:
                writer.WriteString(EventNames.Timer, passed.Timer);
                break;
            case TriesCounted counted:
                WriteCounted(writer, counted);
                break;
            case SagaEnded ended:
                writer.WriteString(EventNames.Outcome, EventNames.Of(ended.Outcome));
                WriteData(writer, EventNames.Output, ended.Output);
                WriteText(writer, EventNames.Warning, ended.Warning);
                break;
            case VerbRequested verb:
                WriteVerb(writer, verb);
                break;
            default:
                throw new UnreachableException($"Unknown event {e.GetType().Name}.");
        }
    }

    private static void WriteCounted(Utf8JsonWriter writer, TriesCounted e)
    {
        WriteCall(writer, e.Step, e.Command, e.Tally.Attempt);
        writer.WriteNumber(EventNames.Tries, e.Tally.Tries);
        writer.WriteNumber(EventNames.Failures, e.Tally.Failures);
        if (e.Tally.NeedsPerson) writer.WriteBoolean(EventNames.NeedsPerson, true);
        WriteText(writer, EventNames.Text, e.Tally.LastError);
        if (e.FirstSentAt is { } at) writer.WriteString(EventNames.FirstSentAt, at.UtcDateTime);
        if (e.MayStillRun) writer.WriteBoolean(EventNames.MayStillRun, true);
        if (e.UndosAcknowledged > 0) writer.WriteNumber(EventNames.UndosAcknowledged, e.UndosAcknowledged);
        if (e.UndosBefore > 0) writer.WriteNumber(EventNames.UndosBefore, e.UndosBefore);
        WriteText(writer, EventNames.LedgerLost, e.LedgerLost);
        if (e.HasLedger) writer.WriteBoolean(EventNames.HasLedger, true);
        if (e.HasAnsweredWithoutLedger) writer.WriteBoolean(EventNames.HasAnsweredWithoutLedger, true);
    }

    private static void WriteVerb(Utf8JsonWriter writer, VerbRequested e)
    {
        writer.WriteString(EventNames.Actor, e.Actor);
        WriteText(writer, EventNames.Reason, e.Reason);
        WriteText(writer, EventNames.Batch, e.Batch);
        switch (e)
        {
            case ExtendRequested extend:
                writer.WriteString(EventNames.ExpiresAt, extend.ExpiresAt.UtcDateTime);
                break;
            case ResendRequested resend:
                writer.WriteString(EventNames.Step, resend.Step);
                WriteData(writer, EventNames.Data, resend.Data);
                break;
            case ResolveRequested resolve:
                writer.WriteString(EventNames.Step, resolve.Step);
                writer.WriteString(EventNames.As, EventNames.Of(resolve.As));
                WriteData(writer, EventNames.Output, resolve.Output);
                break;
            case RerunRequested rerun:
                writer.WriteString(EventNames.RerunAs, rerun.RerunAs);
                break;
            case RetryRequested retry:
                WriteText(writer, EventNames.Participant, retry.Participant);
                break;
            case CancelRequested or SuspendRequested or ResumeRequested or TerminateRequested:
                break;
            default:
                throw new UnreachableException($"Unknown verb {e.GetType().Name}.");
        }
    }

    private static void WriteStarted(Utf8JsonWriter writer, SagaStarted e)
    {
        writer.WriteString(EventNames.SagaId, e.SagaId);
        writer.WriteString(EventNames.Definition, e.Definition);
        writer.WriteNumber(EventNames.DefinitionVersion, e.DefinitionVersion);
        writer.WriteString(EventNames.ExpiresAt, e.ExpiresAt.UtcDateTime);
        WriteText(writer, EventNames.BusinessKey, e.BusinessKey);
        WriteText(writer, EventNames.TraceParent, e.TraceParent);
        WriteText(writer, EventNames.RerunOf, e.RerunOf);
        if (!e.Tags.IsEmpty)
        {
            writer.WriteStartObject(EventNames.Tags);
            foreach (var (name, value) in e.Tags) writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        WriteData(writer, EventNames.Input, e.Input);
    }

    private static void WriteCall(Utf8JsonWriter writer, string step, CommandKind command, int attempt)
    {
        writer.WriteString(EventNames.Step, step);
        writer.WriteString(EventNames.Command, EventNames.Of(command));
        writer.WriteNumber(EventNames.Attempt, attempt);
    }

    private static void WriteExtension(Utf8JsonWriter writer, int extension)
    {
        if (extension > 0) writer.WriteNumber(EventNames.Extension, extension);
    }

    private static void WriteRetry(Utf8JsonWriter writer, RetryOverride? retry)
    {
        if (retry is null) return;
        writer.WritePropertyName(EventNames.Retry);
        RetryOverrideJson.Write(writer, retry);
    }

    private static void WriteAnswer(Utf8JsonWriter writer, Answer answer)
    {
        if (answer.Status != 0) writer.WriteNumber(EventNames.Status, answer.Status);
        if (answer.Silence != Silence.None) writer.WriteString(EventNames.Silence, EventNames.Of(answer.Silence));
        if (answer.Unreadable) writer.WriteBoolean(EventNames.Unreadable, true);
        WriteText(writer, EventNames.Code, answer.Code);
        WriteText(writer, EventNames.Text, answer.Text);
        WriteText(writer, EventNames.Location, answer.Location);
        WriteText(writer, EventNames.LedgerState, answer.LedgerState);
        WriteText(writer, EventNames.Ledger, answer.Ledger);
        WriteData(writer, EventNames.Output, answer.Output);
    }

    private static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteData(Utf8JsonWriter writer, JsonEncodedText name, JsonData? data)
    {
        if (data is not { } value) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
