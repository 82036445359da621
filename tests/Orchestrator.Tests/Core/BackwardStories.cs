using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class BackwardStories
{
    [Fact]
    public void A_refused_step_compensates_the_one_before_it_and_is_not_undone_itself() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b", "out of stock"))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "refused")
            .And(saga => saga.Reason()!.Text.Should().Contain("step b").And.Contain("out of stock"))
            .And(saga => saga.Reason()!.Actor.Should().Be("p-b"))
            .When(Undone("a")).Then("end compensated").ThenIn(SagaPhase.Compensated, "refused");

    [Theory]
    [InlineData(400, null, "failed")]
    [InlineData(404, null, "failed")]
    [InlineData(301, null, "failed")]
    [InlineData(409, "key-reused", "failed")]
    [InlineData(410, "expired", "expired")]
    [InlineData(410, "undone", "expired")]
    [InlineData(410, "barred", "failed")]
    [InlineData(403, "refused", "failed")]
    [InlineData(410, "refused", "failed")]
    public void A_failed_step_is_compensated_too(int status, string? code, string reason) =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Says("b", CommandKind.Do, status, code))
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, reason)
            .When(Undone("b")).Then("send a/undo")
            .When(Undone("a")).Then("end compensated");

    [Fact]
    public void An_unreadable_success_of_an_armed_step_fails_it() =>
        Given(TestDefinitions.Of("a"))
            .When(Answered("a", CommandKind.Do, new Answer { Status = 200, Unreadable = true }))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "failed");

    [Theory]
    [InlineData(408, null)]
    [InlineData(425, null)]
    [InlineData(429, null)]
    [InlineData(500, null)]
    [InlineData(503, "refused")]
    [InlineData(202, null)]
    [InlineData(410, "stale")]
    public void What_is_no_answer_is_sent_again(int status, string? code) =>
        Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, status, code)).Then("timer a/do/1")
            .ThenIn(SagaPhase.Doing).And(saga => saga.Steps[0].View().Should().Be(StepView.Unknown))
            .When(WaitOver).Then("send a/do #2").When(Done("a")).Then("send a/confirm");

    [Fact]
    public void A_do_that_stays_unknown_goes_on_at_the_longest_interval_until_the_deadline()
    {
        var story = Given(TestDefinitions.Of("a"));
        for (var attempt = 1; attempt <= 4; attempt++) story.When(Silent("a", CommandKind.Do), WaitOver);
        story.Then("send a/do #5").And(saga => saga.IsStuck().Should().BeFalse()).ThenIn(SagaPhase.Doing);
        story.When(DeadlinePassed).Then("send a/undo").ThenIn(SagaPhase.Compensating, "deadline");
    }

    [Fact]
    public void The_deadline_undoes_everything_that_was_sent() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a")).When(DeadlinePassed)
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "deadline")
            .And(saga => saga.IsOverdue(saga.Start.ExpiresAt).Should().BeTrue());

    [Fact]
    public void An_answer_at_the_expiry_is_too_late_even_when_the_timer_comes_after_it() =>
        Given(TestDefinitions.Of("a", "b")).At(60).When(Done("a")).Then("send a/undo").ThenIn(SagaPhase.Compensating, "deadline");

    [Fact]
    public void The_deadline_while_confirming_undoes_the_confirmed_ones_too() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"), Confirmed("b")).When(DeadlinePassed)
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "deadline")
            .And(saga => saga.IsInDoubt().Should().BeTrue())
            .When(Undone("b")).Then("send a/undo").When(Undone("a")).Then("end compensated")
            .And(saga => saga.IsInDoubt().Should().BeFalse());

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "b", "r:retriable")]
    [InlineData("a", "b", "p:pivot")]
    public void The_last_acknowledgement_of_a_confirm_at_the_expiry_comes_too_late(params string[] steps) =>
        Given(TestDefinitions.Of(steps)).When(Done("a"), Done("b"), Confirmed("b")).At(60).When(Confirmed("a"))
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "deadline")
            .And(saga => saga.Steps[0].IsConfirmed.Should().BeTrue())
            .When(Undone("b"), Undone("a")).Then("end compensated");

    [Fact]
    public void The_last_acknowledgement_just_before_the_expiry_counts() =>
        Given(TestDefinitions.Of("a")).When(Done("a")).At(59.999).When(Confirmed("a")).Then("end completed");

    [Theory]
    [InlineData(404, null, true)]
    [InlineData(401, null, true)]
    [InlineData(410, "expired", false)]
    [InlineData(410, "barred", false)]
    public void Only_the_participants_own_no_says_that_a_confirm_was_not_carried_out(
        int status, string? code, bool inDoubt) =>
        Given(TestDefinitions.Of("a")).When(Done("a"), Silent("a", CommandKind.Confirm), WaitOver)
            .When(Says("a", CommandKind.Confirm, status, code)).Then("send a/undo")
            .And(saga => saga.IsInDoubt().Should().Be(inDoubt))
            .When(Undone("a")).Then("end compensated").And(saga => saga.IsInDoubt().Should().BeFalse());

    [Fact]
    public void A_confirm_that_is_answered_410_compensates_all() =>
        Given(TestDefinitions.Of("a", "b"))
            .When(Done("a"), Done("b"), Confirmed("b"), Says("a", CommandKind.Confirm, 410, "expired"))
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "expired");

    [Fact]
    public void A_confirm_without_an_answer_is_sent_again_with_the_others_waiting() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"), Silent("a", CommandKind.Confirm)).Then("timer a/confirm/1")
            .When(Confirmed("b")).Then().When(WaitOver).Then("send a/confirm #2")
            .When(Confirmed("a")).Then("end completed");

    [Fact]
    public void After_the_point_of_no_return_the_deadline_changes_nothing() =>
        Given(TestDefinitions.Of("a", "r:retriable")).When(Done("a"), Confirmed("a")).When(DeadlinePassed).Then()
            .ThenIn(SagaPhase.Finishing).When(Done("r")).Then("end completed");

    [Fact]
    public void Undos_go_in_reverse_order_each_after_the_one_before_was_answered() =>
        Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Done("b"), Refused("c")).Then("send b/undo")
            .When(Undone("b")).Then("send a/undo");

    [Fact]
    public void An_absent_participant_holds_up_the_undos_of_the_others_only_once() =>
        Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Done("b"), Refused("c"))
            .When(Silent("b", CommandKind.Undo, Silence.Broken)).Then("timer b/undo/1", "send a/undo")
            .When(Undone("a")).Then().ThenIn(SagaPhase.Compensating, "refused")
            .When(WaitOver).Then("send b/undo #2").When(Undone("b")).Then("end compensated");

    [Theory]
    [InlineData(410)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(301)]
    public void Only_success_acknowledges_an_undo(int status) =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b"), Says("a", CommandKind.Undo, status))
            .Then("timer a/undo/1").ThenIn(SagaPhase.Compensating, "refused");

    [Fact]
    public void An_undo_that_keeps_failing_makes_the_saga_stuck_and_goes_on_for_ever()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            story.And(saga => saga.IsStuck().Should().BeFalse());
            story.When(Says("a", CommandKind.Undo, 500));
            if (attempt < 3) story.When(WaitOver);
        }

        story.And(saga => saga.IsStuck().Should().BeTrue()).ThenIn(SagaPhase.Compensating, "refused");
        story.When(WaitOver).Then("send a/undo #4").When(Undone("a")).Then("end compensated")
            .And(saga => saga.IsStuck().Should().BeFalse());
    }

    [Fact]
    public void A_cancel_while_doing_undoes_the_call_under_way_too() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a")).When(Cancelled()).Then("send b/undo")
            .ThenIn(SagaPhase.Compensating, "cancelled")
            .And(saga => saga.Reason()!.Text.Should().Contain("changed my mind"))
            .And(saga => saga.Reason()!.Actor.Should().Be("ann"));

    [Fact]
    public void A_late_answer_to_a_do_that_is_being_undone_changes_nothing()
    {
        var story = Given(TestDefinitions.Of("a")).When(Cancelled()).Then("send a/undo");
        story.When(Done("a")).Then().ThenIn(SagaPhase.Compensating, "cancelled");
        story.Step("a").IsDone.Should().BeFalse();
        story.When(Undone("a")).Then("end compensated").When(Refused("a")).Then().ThenIn(SagaPhase.Compensated, "cancelled");
    }

    [Fact]
    public void A_do_that_was_done_whose_undo_is_answered_barred_is_a_lost_ledger() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b"), Undone("a", "barred"))
            .Then("timer a/undo/1").ThenIn(SagaPhase.Compensating, "ledger-lost")
            .And(saga => saga.IsStuck().Should().BeTrue())
            .When(WaitOver).Then("send a/undo #2")
            .When(Undone("a", "undone")).Then("end compensated").ThenIn(SagaPhase.Compensated, "refused");

    [Fact]
    public void An_undo_acknowledged_by_another_ledger_is_a_lost_ledger() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a", ledger: "L1"), Refused("b"), Undone("a", "undone", "L2"))
            .ThenIn(SagaPhase.Compensating, "ledger-lost").And(saga => saga.IsStuck().Should().BeTrue());

    [Fact]
    public void An_undo_that_bars_a_do_nobody_answered_is_fine() =>
        Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do), Cancelled(), Undone("a", "barred", "L2"))
            .Then("end compensated");

    [Fact]
    public void A_participant_that_sends_neither_state_nor_ledger_is_believed() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a", ledger: "L1"), Refused("b"), Undone("a")).Then("end compensated");
}
