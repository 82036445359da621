using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class SuspendStories
{
    [Fact]
    public void While_doing_the_answer_counts_and_the_next_do_waits_for_the_resume() =>
        Given(TestDefinitions.Of("a", "b")).When(Suspended).Then().And(saga => saga.Suspended.Should().BeTrue())
            .When(Done("a")).Then().ThenIn(SagaPhase.Doing).And(saga => saga.Steps[0].IsDone.Should().BeTrue())
            .When(Resumed).Then("send b/do").And(saga => saga.Suspended.Should().BeFalse());

    [Fact]
    public void The_timer_of_the_expiry_is_set_also_when_nothing_else_may_happen()
    {
        var start = Given(TestDefinitions.Of("a")).History.OfType<SagaStarted>().Single();
        var state = SagaDecider.Evolve(SagaDecider.Before(TestDefinitions.Of("a")), start);

        SagaDecider.Decide((StartedSaga)state with { Suspended = true }, Start).Select(Describe).Should().Equal("timer deadline");
    }

    [Fact]
    public void A_wait_that_passes_while_suspended_goes_out_with_the_resume() =>
        Given(TestDefinitions.Of("a")).When(Suspended).When(Silent("a", CommandKind.Do)).Then("timer a/do/1")
            .When(WaitOver).Then().And(saga => saga.Steps[0].Do.Should().BeOfType<CallState.Ready>())
            .When(Resumed).Then("send a/do #2");

    [Fact]
    public void A_wait_that_has_not_passed_goes_on_after_the_resume() =>
        Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do), Suspended).When(Resumed).Then()
            .When(WaitOver).Then("send a/do #2");

    [Fact]
    public void A_retry_while_suspended_goes_out_with_the_resume() =>
        Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do), Suspended).When(Retried).Then()
            .When(Resumed).Then("send a/do #2");

    [Fact]
    public void An_operation_in_progress_is_not_asked_after_until_the_resume() =>
        Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, 202, location: "/jobs/1"), Suspended).When(WaitOver).Then()
            .When(Resumed).Then("ask a/do at /jobs/1");

    [Fact]
    public void A_call_recorded_before_the_suspend_still_goes_out() =>
        Given(TestDefinitions.Of("a")).When(Suspended)
            .And(saga => CallFates.Of(saga, saga.OpenCalls().Single().Sent).Should().Be(CallFate.Send));

    [Fact]
    public void Confirms_are_held_back_and_all_go_out_with_the_resume() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended).When(Done("b")).Then().ThenIn(SagaPhase.Confirming)
            .When(Resumed).Then("send a/confirm", "send b/confirm")
            .When(Confirmed("a"), Confirmed("b")).Then("end completed");

    [Fact]
    public void The_guard_is_asked_again_when_the_first_confirm_was_held_back_until_now() =>
        Given(TestDefinitions.Of("a")).When(Suspended, Done("a")).At(58.5).When(Resumed).Then("send a/undo")
            .ThenIn(SagaPhase.Compensating, "guard");

    [Fact]
    public void A_confirm_already_sent_goes_on_whatever_is_left_of_the_time() =>
        Given(TestDefinitions.Of("a")).When(Done("a"), Suspended, Silent("a", CommandKind.Confirm), Timer("a/confirm/1"))
            .At(58.5).When(Resumed).Then("send a/confirm #2").ThenIn(SagaPhase.Confirming);

    [Fact]
    public void A_resume_at_the_expiry_comes_too_late_because_of_the_deadline() =>
        Given(TestDefinitions.Of("a")).When(Suspended, Done("a")).At(60).When(Resumed).Then("send a/undo")
            .ThenIn(SagaPhase.Compensating, "deadline");

    [Fact]
    public void Without_a_pivot_the_last_ack_passes_the_point_of_no_return_also_when_suspended() =>
        Given(TestDefinitions.Of("a", "r:retriable")).When(Done("a"), Suspended, Confirmed("a")).Then().ThenIn(SagaPhase.Finishing)
            .When(DeadlinePassed).Then().ThenIn(SagaPhase.Finishing)
            .When(Resumed).Then("send r/do").When(Done("r")).Then("end completed");

    [Fact]
    public void A_suspended_saga_with_nothing_left_to_call_ends() =>
        Given(TestDefinitions.Of("a")).When(Done("a"), Suspended).When(Confirmed("a")).Then("end completed")
            .ThenIn(SagaPhase.Completed).And(saga => saga.Suspended.Should().BeFalse());

    [Fact]
    public void The_pivot_is_held_back_and_until_it_is_sent_there_is_a_way_back() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Suspended, Confirmed("a")).Then().ThenIn(SagaPhase.Confirming)
            .When(Resumed).Then("send p/do").ThenIn(SagaPhase.Pivot)
            .When(Done("p")).Then("end completed");

    [Fact]
    public void The_deadline_undoes_a_saga_suspended_before_its_pivot() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Suspended, Confirmed("a")).When(DeadlinePassed)
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "deadline")
            .And(saga => saga.Reason()!.Text.Should().Contain("while the saga was suspended"));

    [Fact]
    public void A_pivot_without_an_answer_is_sent_again_only_after_the_resume() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Suspended)
            .When(Silent("p", CommandKind.Do)).Then("timer p/do/1").When(WaitOver).Then().ThenIn(SagaPhase.Pivot)
            .When(Resumed).Then("send p/do #2");

    [Fact]
    public void A_pivot_refused_while_suspended_is_undone_at_once() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Suspended).When(Refused("p"))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "refused").And(saga => saga.Suspended.Should().BeFalse());

    [Fact]
    public void Retriable_steps_are_held_back_one_by_one() =>
        Given(TestDefinitions.Of("p:pivot", "r:retriable", "s:retriable")).When(Done("p"), Suspended).When(Done("r")).Then()
            .ThenIn(SagaPhase.Finishing).When(Resumed).Then("send s/do").When(Done("s")).Then("end completed");

    [Fact]
    public void The_deadline_rules_while_suspended_and_undos_go_out() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended, Done("b")).When(DeadlinePassed)
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "deadline")
            .When(Undone("b")).Then("send a/undo").When(Undone("a")).Then("end compensated");

    [Fact]
    public void A_refusal_while_suspended_is_undone_at_once() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended).When(Refused("b")).Then("send a/undo")
            .ThenIn(SagaPhase.Compensating, "refused");

    [Fact]
    public void A_cancel_while_suspended_compensates() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended, Done("b")).When(Cancelled())
            .Then("send b/undo").ThenIn(SagaPhase.Compensating, "cancelled");

    [Fact]
    public void While_compensating_neither_suspend_nor_resume_has_an_effect() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Cancelled()).When(Suspended).Then()
            .And(saga => saga.Suspended.Should().BeFalse())
            .When(Undone("b")).Then("send a/undo").When(Resumed).Then().When(Undone("a")).Then("end compensated");

    [Fact]
    public void An_undo_that_failed_is_sent_again_although_somebody_asked_for_a_suspend() =>
        Given(TestDefinitions.Of("a")).When(Cancelled(), Suspended, Silent("a", CommandKind.Undo)).When(WaitOver)
            .Then("send a/undo #2");

    [Fact]
    public void An_unarmed_operation_in_progress_is_still_asked_after_on_the_way_back() =>
        Given(TestDefinitions.Of("u:unarmed")).When(Says("u", CommandKind.Do, 202, location: "/jobs/1"), Suspended, Cancelled())
            .When(Timer("u/do/1")).Then("ask u/do at /jobs/1").When(Done("u")).Then("send u/undo");

    [Fact]
    public void A_second_suspend_or_resume_changes_nothing() =>
        Given(TestDefinitions.Of("a", "b")).When(Resumed).Then().When(Suspended).When(Suspended).Then()
            .When(Done("a")).When(Resumed).Then("send b/do").When(Resumed).Then();

    [Fact]
    public void What_comes_after_the_end_is_recorded_and_changes_nothing() =>
        Given(TestDefinitions.Of("a")).When(Done("a"), Confirmed("a"))
            .When(story => new SuspendRequested { At = story.Now, Actor = "ann" }).Then()
            .When(story => new ResumeRequested { At = story.Now, Actor = "ann" }).Then()
            .When(story => new TerminateRequested { At = story.Now, Actor = "ann" }).Then()
            .ThenIn(SagaPhase.Completed).And(saga => saga.Suspended.Should().BeFalse());
}
