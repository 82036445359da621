using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class TerminateStories
{
    [Fact]
    public void While_doing_everything_is_undone() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a")).When(Terminated).Then("send b/undo")
            .ThenIn(SagaPhase.Compensating, "terminated")
            .And(saga => saga.Reason()!.Text.Should().Contain("root"))
            .And(saga => saga.Reason()!.Actor.Should().Be("root"));

    [Fact]
    public void While_confirming_the_confirmed_ones_are_undone_too() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"), Confirmed("a")).When(Terminated).Then("send b/undo")
            .ThenIn(SagaPhase.Compensating, "terminated").When(Undone("b")).Then("send a/undo");

    [Fact]
    public void A_suspended_saga_is_undone_as_well() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended, Done("b")).When(Terminated).Then("send b/undo")
            .ThenIn(SagaPhase.Compensating, "terminated");

    [Fact]
    public void Behind_the_pivots_call_it_goes_forward_and_the_history_tells() =>
        Given(TestDefinitions.Of("a", "p:pivot", "r:retriable")).When(Done("a"), Confirmed("a")).When(Terminated).Then()
            .ThenIn(SagaPhase.Pivot).When(Done("p")).Then("send r/do").When(Terminated).Then().ThenIn(SagaPhase.Finishing)
            .When(Done("r")).Then("end completed");

    [Fact]
    public void A_pivot_refused_after_a_terminate_is_undone_for_the_refusal() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Terminated).When(Refused("p")).Then("send a/undo")
            .ThenIn(SagaPhase.Compensating, "refused");

    [Fact]
    public void Past_the_point_of_no_return_nobody_is_left_to_resume_it_so_a_suspension_is_over() =>
        Given(TestDefinitions.Of("p:pivot", "r:retriable", "s:retriable")).When(Done("p"), Suspended, Done("r"))
            .When(Terminated).Then("send s/do").And(saga => saga.Suspended.Should().BeFalse());

    [Fact]
    public void While_compensating_it_changes_nothing_and_the_first_reason_stays() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b")).When(Terminated).Then()
            .ThenIn(SagaPhase.Compensating, "refused").When(Undone("a")).Then("end compensated");
}
