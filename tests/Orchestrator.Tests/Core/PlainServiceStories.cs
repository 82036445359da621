using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>
/// Steps of a plain service: nothing there keeps a late <c>do</c> out, so the undos have to come behind it.
/// </summary>
public sealed class PlainServiceStories
{
    private static readonly Answer Fine = new() { Status = 200 };

    [Fact]
    public void An_acknowledgement_that_arrives_twice_stands_for_one_undo()
    {
        var story = Given(TestDefinitions.Of("u:unarmed")).When(Silent("u", CommandKind.Do), Cancelled(), Undone("u"));
        story.Then("timer u/undo/1").When(AnsweredTo("u", CommandKind.Undo, 1, Fine)).Then()
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Cancelled);
        story.When(Timer("u/undo/1")).Then("send u/undo #2").When(AnsweredTo("u", CommandKind.Undo, 1, Fine)).Then()
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Cancelled);
        story.When(Undone("u")).Then("end compensated");
    }

    [Fact]
    public void An_undo_that_was_sent_before_the_first_acknowledgement_is_not_the_second_one()
    {
        var story = Given(TestDefinitions.Of("u:unarmed"))
            .When(Silent("u", CommandKind.Do), Cancelled(), Silent("u", CommandKind.Undo), Timer("u/undo/1"));
        story.Then("send u/undo #2").When(Undone("u")).Then("timer u/undo/2");
        story.When(AnsweredTo("u", CommandKind.Undo, 1, Fine)).Then()
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Cancelled);
        story.When(Timer("u/undo/2")).Then("send u/undo #3").When(Undone("u")).Then("end compensated");
    }

    [Fact]
    public void No_verb_shortens_the_wait_for_the_call_that_may_still_run()
    {
        var story = Given(TestDefinitions.Of("u:unarmed")).When(Silent("u", CommandKind.Do), Cancelled(), Undone("u"));
        story.And(saga => saga.HasWaiting(null).Should().BeFalse())
            .And(saga => StepVerbs.Of(saga, saga.Steps[0]).Should().NotContain("resend"));
        story.When(Retried).Then().When(RetriedAt("p-u")).Then();
        story.When(s => new ResendRequested { At = s.Now, Actor = "ann", Step = "u" }).Then();

        story.When(Timer("u/undo/1")).Then("send u/undo #2").When(Silent("u", CommandKind.Undo)).Then("timer u/undo/2");
        story.And(saga => saga.HasWaiting("p-u").Should().BeTrue())
            .When(Retried).Then("send u/undo #3").When(Undone("u")).Then("end compensated");
    }

    [Theory]
    [InlineData(202)]
    [InlineData(502)]
    [InlineData(504)]
    public void What_goes_on_behind_an_answer_that_says_nothing_is_undone_twice(int status)
    {
        var story = Given(TestDefinitions.Of("u:unarmed")).When(Says("u", CommandKind.Do, status), Cancelled())
            .Then("send u/undo");
        story.When(Undone("u")).Then("timer u/undo/1").When(Timer("u/undo/1")).Then("send u/undo #2")
            .When(Undone("u")).Then("end compensated");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void What_a_service_says_of_itself_ends_the_call(int status) =>
        Given(TestDefinitions.Of("u:unarmed")).When(Says("u", CommandKind.Do, status), Cancelled())
            .When(Undone("u")).Then("end compensated");

    [Fact]
    public void An_operation_nobody_could_be_asked_about_any_more_is_undone_twice()
    {
        var story = Given(TestDefinitions.Of("u:unarmed"))
            .When(Says("u", CommandKind.Do, 202, location: "/jobs/1"), Cancelled(), Timer("u/do/1"));
        for (var i = 2; i <= TestDefinitions.Retry.Attempts; i++)
            story.When(Says("u", CommandKind.Do, 500), Timer($"u/do/{i}")).Then("ask u/do at /jobs/1");
        story.When(Says("u", CommandKind.Do, 500)).Then("send u/undo");
        story.When(Undone("u")).Then("timer u/undo/1").When(Timer("u/undo/1")).Then("send u/undo #2")
            .When(Undone("u")).Then("end compensated");
    }

    [Fact]
    public void An_operation_that_is_not_known_there_any_more_has_ended() =>
        Given(TestDefinitions.Of("u:unarmed"))
            .When(Says("u", CommandKind.Do, 202, location: "/jobs/1"), Cancelled(), Timer("u/do/1"))
            .When(Says("u", CommandKind.Do, 404)).Then("send u/undo")
            .When(Undone("u")).Then("end compensated");

    [Fact]
    public void Who_is_asked_and_names_no_other_place_is_asked_there_again_and_nothing_is_done_twice()
    {
        var story = Given(TestDefinitions.Of("p:pivot")).When(Says("p", CommandKind.Do, 202, location: "/jobs/1"));
        for (var i = 0; i < 2 * TestDefinitions.Retry.Attempts; i++)
            story.When(WaitOver).Then("ask p/do at /jobs/1").When(Says("p", CommandKind.Do, 202));
        story.And(saga => saga.IsStuck().Should().BeFalse());
        story.When(WaitOver, Done("p")).Then("end completed");
    }
}
