using System.Text.Json.Nodes;
using Google.Protobuf;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Tests.Dapr;

public sealed class RecordedMessageTests
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatEnumsAsIntegers(true));

    public static TheoryData<string> Names => [.. Recordings.Names];

    [Fact]
    public void There_are_recordings_to_compare_with() => Recordings.Names.Should().HaveCountGreaterThan(10);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recorded_message_is_read_and_written_to_the_same_bytes(string name)
    {
        foreach (var line in Messages(name))
        {
            var written = line.Message().ToByteArray();

            Same(written, line).Should().BeTrue("of {0} {1}", line.Dir, line.Method);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_recorded_field_is_unknown(string name)
    {
        foreach (var line in Messages(name))
            Same(line.Message(discardUnknown: true).ToByteArray(), line).Should().BeTrue("of {0}", line.Decoded);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recorded_message_says_what_the_other_reader_understood(string name)
    {
        foreach (var line in Messages(name))
        {
            // In most conversations the other reader left out what a state says beside its end.
            if (name != "grpc" && line.Message() is InstanceReply) continue;
            var ours = Values(JsonNode.Parse(Json.Format(WithoutRouters(line.Message()))));

            ours.Should().Equal(Values(JsonNode.Parse(line.Decoded!)), "of {0} {1}", line.Dir, line.Method);
        }
    }

    [Fact]
    public void An_event_says_which_app_it_came_from() =>
        Messages("happy").Select(line => line.Message()).OfType<WorkItem>().First().Workflow.Fresh[1].Router.SourceAppId
            .Should().Be("spikeapp");

    [Fact]
    public void Fields_and_kinds_of_event_of_a_newer_sidecar_are_kept()
    {
        var newer = new HistoryEvent { EventId = 7, Timestamp = new() { Seconds = 5 } }.ToByteArray();
        byte[] bytes = [.. newer, 0xFA, 0x01, 0x02, 0x08, 0x01, 0xC0, 0x3E, 0x2A];

        var read = HistoryEvent.Parser.ParseFrom(bytes);

        (read.KindCase, read.EventId).Should().Be((HistoryEvent.KindOneofCase.None, 7));
        read.ToByteArray().Should().Equal(bytes);
    }

    private static IEnumerable<RecordedLine> Messages(string name) =>
        Recordings.Read(name).Where(line => line.Base64 is not null);

    /// <summary>
    /// The sidecar puts the fields of an instance's state together from two parts, so their order is its own.
    /// </summary>
    private static bool Same(byte[] written, RecordedLine line)
    {
        var recorded = Convert.FromBase64String(line.Base64!);
        return line.Message() is InstanceReply
            ? written.Order().SequenceEqual(recorded.Order())
                && InstanceReply.Parser.ParseFrom(written).Equals(line.Message())
            : written.SequenceEqual(recorded);
    }

    /// <summary>The other reader did not know the field.</summary>
    private static IMessage WithoutRouters(IMessage message)
    {
        var events = message switch
        {
            WorkItem { Workflow: { } turn } => turn.Past.Concat(turn.Fresh),
            HistoryReply reply => reply.Events,
            _ => [],
        };
        foreach (var one in events) one.Router = null;
        return message;
    }

    /// <summary>The shape and the values without the names, which are everybody's own.</summary>
    private static IEnumerable<string> Values(JsonNode? node) => node switch
    {
        JsonObject all => [$"{{{all.Count}", .. all.SelectMany(member => Values(member.Value)), "}"],
        JsonArray all => [$"[{all.Count}", .. all.SelectMany(Values), "]"],
        null => ["null"],
        _ => [node.ToJsonString()],
    };
}
