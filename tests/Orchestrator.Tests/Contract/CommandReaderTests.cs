using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Tests.Contract;

/// <summary>Headers become a command, or a problem that names one attribute.</summary>
public sealed class CommandReaderTests
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string> headers = new(StringComparer.Ordinal)
    {
        [SagaHeaders.SpecVersion] = "1.0",
        [SagaHeaders.Type] = SagaEventTypes.Do,
        [SagaHeaders.Id] = "s1/reserve-stock/do",
        [SagaHeaders.Source] = "/sagas/place-order",
        [SagaHeaders.Time] = "2026-01-31T11:59:59.500Z",
        [SagaHeaders.SagaId] = "s1",
        [SagaHeaders.SagaStep] = "reserve-stock~2",
        [SagaHeaders.ExpiryTime] = "2026-01-31T12:10:00.000Z",
    };

    [Fact]
    public void A_whole_command_is_read()
    {
        headers[SagaHeaders.SagaAttempt] = "3";

        var command = Read();

        command.SagaId.Should().Be("s1");
        command.Step.Should().Be("reserve-stock~2");
        command.Action.Should().Be("reserve");
        command.StepKind.Should().Be(WireKind.Compensatable);
        command.Attempt.Should().Be(3);
        command.SentAt.Should().Be(ReceivedAt - TimeSpan.FromMilliseconds(500));
        command.ExpiresAt.Should().Be(ReceivedAt + TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData("600000", 600_000)]
    [InlineData("1000", 1000)]
    [InlineData("9999999", 600_000)]
    [InlineData("-5", -5)]
    public void The_earlier_of_the_expiry_and_what_was_left_is_armed(string remaining, int milliseconds)
    {
        headers[SagaHeaders.SagaRemaining] = remaining;
        Read().ExpiresAt.Should().Be(ReceivedAt.AddMilliseconds(milliseconds));
    }

    [Fact]
    public void Digits_below_a_millisecond_are_cut_off()
    {
        headers[SagaHeaders.ExpiryTime] = "2026-01-31T12:10:00.0019+00:00";
        Read().ExpiresAt.Should().Be(ReceivedAt.AddMinutes(10).AddMilliseconds(1));
    }

    [Fact]
    public void What_a_header_cannot_carry_comes_percent_encoded()
    {
        headers[SagaHeaders.Source] = "/sagas/gro%C3%9F";
        headers[SagaHeaders.SagaId] = "s%31";
        Read().SagaId.Should().Be("s1");
    }

    [Fact]
    public void Confirm_and_undo_need_no_expiry()
    {
        headers.Remove(SagaHeaders.ExpiryTime);
        foreach (var kind in new[] { CommandKind.Confirm, CommandKind.Undo })
        {
            headers[SagaHeaders.Type] = SagaEventTypes.Of(kind);
            CommandReader.Read(kind, "reserve", headers.GetValueOrDefault, ReceivedAt)
                .Should().BeOfType<CommandReading.Readable>();
        }
    }

    [Fact]
    public void An_extend_needs_one_whatever_its_kind()
    {
        headers.Remove(SagaHeaders.ExpiryTime);
        headers[SagaHeaders.SagaKind] = "pivot";
        headers[SagaHeaders.Type] = SagaEventTypes.Extend;
        CommandReader.Read(CommandKind.Extend, "reserve", headers.GetValueOrDefault, ReceivedAt)
            .Should().BeOfType<CommandReading.Malformed>().Which.Attribute.Should().Be("expirytime");
    }

    [Fact]
    public void The_first_of_several_problems_is_named()
    {
        headers.Remove(SagaHeaders.Type);
        headers.Remove(SagaHeaders.SagaId);
        CommandReader.Read(CommandKind.Do, "reserve", headers.GetValueOrDefault, ReceivedAt)
            .Should().BeOfType<CommandReading.Malformed>().Which.Attribute.Should().Be("type");
    }

    private LedgerCommand Read() => CommandReader.Read(CommandKind.Do, "reserve", headers.GetValueOrDefault, ReceivedAt)
        .Should().BeOfType<CommandReading.Readable>().Subject.Command;
}
