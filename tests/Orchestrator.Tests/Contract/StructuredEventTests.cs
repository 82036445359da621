using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Tests.Contract;

/// <summary>
/// Events in the structured mode: what is written is read, and what a sidecar does to it does not matter.
/// </summary>
public sealed class StructuredEventTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read_and_the_data_stays_byte_for_byte()
    {
        var data = JsonData.FromText("""{"b":1.10,"a":"ü<\u0041"}""");
        using var writer = new StructuredEventWriter(SagaEventTypes.Replied, "e1", "/participants/p", At);
        writer.Add(SagaAttributes.SagaStatus, 200);
        writer.Add(SagaAttributes.SagaState, null);

        var (read, complaint) = StructuredEvent.Read(writer.End(data));

        complaint.Should().BeNull();
        read!.Type.Should().Be("saga.step.replied");
        read["specversion"].Should().Be("1.0");
        read["id"].Should().Be("e1");
        read["time"].Should().Be("2026-01-31T12:00:00.000Z");
        read[SagaAttributes.SagaStatus].Should().Be("200");
        read[SagaAttributes.SagaState].Should().BeNull();
        read.Data.Should().Be(data);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"saga.step.do\"")]
    [InlineData("{")]
    [InlineData("""{"type":"\ud800"}""")]
    public void What_is_no_object_is_no_event(string json)
    {
        var (read, complaint) = StructuredEvent.Read(JsonData.FromText(json));

        read.Should().BeNull();
        complaint.Should().Contain("no CloudEvent");
    }

    [Theory]
    [InlineData("""{"a":1,"b":[{"d":"x","c":null}]}""", """ { "b": [ { "c": null, "d": "\u0078" } ], "a": 1 } """, true)]
    [InlineData("""{"a":"<ü>"}""", """{"a":"\u003c\u00fc\u003e"}""", true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":10000000000000000000001}""", """{"a":10000000000000000000002}""", false)]
    [InlineData("""[1,2]""", """[2,1]""", false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("\"\\ud800\"", "\"\\ud801\"", false)]
    public void Two_texts_have_one_digest_when_they_are_the_same_value(string left, string right, bool same)
    {
        (DataDigest.Of(JsonData.FromText(left)) == DataDigest.Of(JsonData.FromText(right))).Should().Be(same);
    }
}
