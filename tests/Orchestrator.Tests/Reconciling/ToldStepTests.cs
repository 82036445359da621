using Orchestrator.Service.Reconciling;

namespace Orchestrator.Tests.Reconciling;

/// <summary>What a history says that a participant told.</summary>
public sealed class ToldStepTests
{
    [Theory]
    [InlineData("compensatable", "do", 200, null, "held")]
    [InlineData("pivot", "do", 200, null, "confirmed")]
    [InlineData("retriable", "do", 200, null, "confirmed")]
    [InlineData("compensatable", "do", 409, "refused", "refused")]
    [InlineData("retriable", "do", 409, "refused", "none")]
    [InlineData("compensatable", "do", 410, "barred", "barred")]
    [InlineData("compensatable", "do", 410, "undone", "undone")]
    [InlineData("compensatable", "confirm", 200, null, "confirmed")]
    [InlineData("compensatable", "undo", 204, null, "undone")]
    [InlineData("pivot", "undo", 409, "done", "confirmed")]
    public void A_participant_that_names_no_state_is_understood_by_its_answer(
        string kind, string command, int status, string? code, string state) =>
        new ToldStep("s1", "reserve", kind).With(HistoryItems.Sent(command)).With(HistoryItems.Answered(command, status, code))
            .State.Should().Be(state);

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, null)]
    [InlineData(202, null)]
    [InlineData(410, "stale")]
    public void An_answer_that_settles_nothing_leaves_the_command_open(int status, string? code)
    {
        var told = new ToldStep("s1", "reserve", "compensatable")
            .With(HistoryItems.Sent("do")).With(HistoryItems.Answered("do", status, code));

        told.HasAnswered.Should().BeFalse();
        told.Open.Should().Equal("do");
    }

    [Fact]
    public void The_state_that_the_participant_names_counts()
    {
        var told = new ToldStep("s1", "reserve", "compensatable")
            .With(HistoryItems.Sent("do")).With(HistoryItems.Answered("do", "held"))
            .With(HistoryItems.Sent("undo")).With(HistoryItems.Answered("undo", "barred"));

        told.State.Should().Be("barred");
        told.Open.Should().BeEmpty();
        told.Ledger.Should().Be("l1");
    }
}
