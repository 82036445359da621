using Orchestrator.Service.Reconciling;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A ledger may be ahead of what it told, never behind.</summary>
public sealed class ComparisonTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("held", "held", "", "doing")]
    [InlineData("held", "confirmed", "confirm", "confirming")]
    [InlineData("held", "undone", "undo", "compensating")]
    [InlineData("held", "undone", "confirm", "confirming")]
    [InlineData("confirmed", "undone", "undo", "compensating")]
    [InlineData("none", "held", "do", "doing")]
    [InlineData("none", "none", "do", "doing")]
    [InlineData("none", "barred", "undo", "compensating")]
    public void What_is_told_or_a_command_under_way_explains_is_no_difference(
        string told, string row, string open, string phase) =>
        Compare(told, row, open, phase).Should().BeNull();

    [Theory]
    [InlineData("held", "none", "doing", "Cancel the saga")]
    [InlineData("held", "confirmed", "doing", "Cancel the saga")]
    [InlineData("held", "barred", "doing", "Cancel the saga")]
    [InlineData("confirmed", "held", "confirming", "Cancel the saga, or mark the row confirmed")]
    [InlineData("confirmed", "held", "finishing", "Mark the row confirmed")]
    [InlineData("confirmed", "held", "completed", "Mark the row confirmed")]
    [InlineData("confirmed", "none", "completed", "Enter the business change again by hand")]
    [InlineData("confirmed", "undone", "completed", "Enter the business change again by hand")]
    [InlineData("undone", "held", "compensated", "Send its undo again")]
    [InlineData("undone", "confirmed", "compensated", "Send its undo again")]
    [InlineData("undone", "none", "compensated", "Send its undo again")]
    [InlineData("refused", "none", "compensated", "Send its undo again")]
    [InlineData("barred", "held", "compensated", "Send its undo again")]
    [InlineData("none", "held", "doing", "The orchestrator has sent nothing")]
    public void What_is_behind_is_told_with_what_to_do(string told, string row, string phase, string toDo)
    {
        var difference = Compare(told, row, "", phase);

        difference!.Ledger.Should().Be(row);
        difference.Told.Should().Be(told);
        difference.ToDo.Should().Contain(toDo);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void A_held_step_may_have_undone_itself_once_its_expiry_has_passed(int secondsLeft, bool isExplained)
    {
        var row = new RowSeen("s1", "reserve", "undone", Now + TimeSpan.FromSeconds(secondsLeft), false);

        var difference = Comparison.Of(Saga("doing"), Told("held", ""), row, TimeSpan.FromDays(7), Now);

        (difference is null).Should().Be(isExplained);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    public void A_row_may_be_purged_once_its_saga_has_ended_long_enough_ago(int days, bool isExplained)
    {
        var saga = new SagaSeen("s1", "completed", Now - TimeSpan.FromDays(days), []);

        var difference = Comparison.Of(saga, Told("confirmed", ""), null, TimeSpan.FromDays(7), Now);

        (difference is null).Should().Be(isExplained);
    }

    [Theory]
    [InlineData(true, 120, true)]
    [InlineData(false, 120, false)]
    [InlineData(false, 10, true)]
    [InlineData(null, 120, true)]
    public void A_confirmed_row_that_never_heard_the_end_is_told(bool? isEnded, int seconds, bool isExplained)
    {
        var saga = new SagaSeen("s1", "completed", Now - TimeSpan.FromSeconds(seconds), []);
        var row = new RowSeen("s1", "reserve", "confirmed", null, isEnded);

        var difference = Comparison.Of(saga, Told("confirmed", ""), row, TimeSpan.FromDays(7), Now);

        (difference is null).Should().Be(isExplained);
    }

    [Theory]
    [InlineData("held", false)]
    [InlineData("confirmed", false)]
    [InlineData("undone", true)]
    [InlineData("barred", true)]
    public void A_row_of_a_saga_that_nobody_knows_is_told_while_its_work_is_there(string state, bool isExplained) =>
        (Comparison.OfUnknown(new RowSeen("s1", "reserve", state, null, false)) is null).Should().Be(isExplained);

    private static Difference? Compare(string told, string row, string open, string phase) => Comparison.Of(
        Saga(phase), Told(told, open),
        row == "none" ? null : new RowSeen("s1", "reserve", row, Now + TimeSpan.FromMinutes(1), false),
        TimeSpan.FromDays(7), Now);

    private static SagaSeen Saga(string phase) =>
        new("s1", phase, phase is "completed" or "compensated" ? Now - TimeSpan.FromSeconds(1) : null, []);

    private static ToldStep Told(string state, string open)
    {
        var told = new ToldStep("s1", "reserve", "compensatable");
        if (state is not "none") told = told.With(HistoryItems.Answered("do", state));
        return open.Length == 0 ? told : told.With(HistoryItems.Sent(open));
    }
}
