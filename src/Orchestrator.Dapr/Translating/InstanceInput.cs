using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.History;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// The input of an instance: the history of its saga so far. That is the start alone for a new saga, and all that
/// matters for an instance that takes over from another one.
/// </summary>
/// <param name="Version">Number of events the saga had by then: seq of the next one.</param>
/// <param name="Events">They, or those that are left after compaction, in order.</param>
/// <param name="AfterTerminate">
/// Whether the instance before was terminated without the saga having recorded it; the new one does so first.
/// </param>
internal sealed record InstanceInput(
    int Version, ImmutableArray<RecordedEvent> Events, bool AfterTerminate = false)
{
    private const string VersionName = "version";
    private const string SeqsName = "seqs";
    private const string EventsName = "events";
    private const string AfterTerminateName = "afterTerminate";

    /// <summary>The start of the saga.</summary>
    public SagaStarted Start => (SagaStarted)Events[0].Event;

    /// <summary>Of a saga that only starts.</summary>
    public static InstanceInput Of(SagaStarted start) => new(1, [new RecordedEvent(0, start)]);

    /// <summary>The JSON the sidecar keeps.</summary>
    public string Write()
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = SagaEventJson.CreateWriter(output);
        writer.WriteStartObject();
        writer.WriteNumber(VersionName, Version);
        if (AfterTerminate) writer.WriteBoolean(AfterTerminateName, true);
        writer.WriteStartArray(SeqsName);
        foreach (var recorded in Events) writer.WriteNumberValue(recorded.Seq);
        writer.WriteEndArray();
        writer.WriteStartArray(EventsName);
        foreach (var recorded in Events) SagaEventJson.Write(writer, recorded.Event);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>
    /// Reads it. What is no saga's history is a <see cref="NotASagaException" />; events that a newer version wrote and
    /// this one cannot read are a <see cref="FormatException" />.
    /// </summary>
    public static InstanceInput Read(string? json)
    {
        if (string.IsNullOrEmpty(json)) throw new NotASagaException();
        var utf8 = Encoding.UTF8.GetBytes(json);
        try
        {
            using var document = JsonDocument.Parse(
                utf8, new JsonDocumentOptions { MaxDepth = DaprLimits.MaxInputDepth });
            var root = document.RootElement;
            var seqs = root.GetProperty(SeqsName).EnumerateArray().Select(seq => seq.GetInt32()).ToArray();
            var events = SagaEventJson.Read(Encoding.UTF8.GetBytes(root.GetProperty(EventsName).GetRawText()));
            if (events.Length != seqs.Length || events is not [SagaStarted, ..])
                throw new NotASagaException();
            return new InstanceInput(
                root.GetProperty(VersionName).GetInt32(),
                [.. events.Select((e, i) => new RecordedEvent(seqs[i], e))],
                root.TryGetProperty(AfterTerminateName, out var after) && after.GetBoolean());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new NotASagaException(e);
        }
    }
}
