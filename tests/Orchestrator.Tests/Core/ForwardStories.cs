using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class ForwardStories
{
    [Fact]
    public void A_start_sets_the_deadline_and_sends_the_first_do() =>
        Given(TestDefinitions.Of("a", "b")).Then("timer deadline", "send a/do").ThenIn(SagaPhase.Doing);

    [Fact]
    public void A_done_step_sends_the_next_one() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a")).Then("send b/do").ThenIn(SagaPhase.Doing);

    [Fact]
    public void When_all_are_done_the_confirms_go_out_together() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"))
            .Then("send a/confirm", "send b/confirm").ThenIn(SagaPhase.Confirming);

    [Fact]
    public void A_saga_is_completed_only_after_every_confirm_is_acknowledged()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"), Confirmed("b"))
            .Then().ThenIn(SagaPhase.Confirming);
        story.When(Confirmed("a")).Then("end completed").ThenIn(SagaPhase.Completed);
    }

    [Fact]
    public void The_pivot_is_sent_only_after_every_confirm_and_makes_the_phase() =>
        Given(TestDefinitions.Of("a", "b", "p:pivot")).When(Done("a"), Done("b"), Confirmed("a")).Then()
            .When(Confirmed("b")).Then("send p/do").ThenIn(SagaPhase.Pivot)
            .When(Done("p")).Then("end completed").ThenIn(SagaPhase.Completed);

    [Fact]
    public void Retriable_steps_follow_the_confirms_in_order() =>
        Given(TestDefinitions.Of("a", "r:retriable", "s:retriable")).When(Done("a"), Confirmed("a"))
            .Then("send r/do").ThenIn(SagaPhase.Finishing)
            .When(Done("r")).Then("send s/do")
            .When(Done("s")).Then("end completed");

    [Fact]
    public void Without_an_armed_step_there_is_no_guard_and_nothing_to_confirm() =>
        Given(TestDefinitions.Of("u:unarmed", "p:pivot")).At(59.5).When(Done("u")).Then("send p/do").ThenIn(SagaPhase.Pivot);

    [Fact]
    public void A_saga_of_retriable_steps_alone_starts_finishing() =>
        Given(TestDefinitions.Of("r:retriable")).Then("send r/do").ThenIn(SagaPhase.Finishing);

    [Fact]
    public void Confirming_does_not_start_within_the_guard() =>
        Given(TestDefinitions.Of("a")).At(58).When(Done("a")).Then("send a/undo").ThenIn(SagaPhase.Compensating, "guard");

    [Fact]
    public void Confirming_starts_a_millisecond_before_the_guard() =>
        Given(TestDefinitions.Of("a")).At(57.999).When(Done("a")).Then("send a/confirm").ThenIn(SagaPhase.Confirming);

    [Fact]
    public void The_output_of_one_step_is_the_input_of_the_next()
    {
        var definition = TestDefinitions.Of("a", "b").With("b", """{"from": "$.steps.a.output.id", "who": "$.input.who"}""");
        var story = Given(definition, """{"who":"bob"}""").When(Done("a", """{"id":7}"""));
        story.Step("b").Data.ToString().Should().Be("""{"from":7,"who":"bob"}""");
        story.History.OfType<CallSent>().Last().Data.ToString().Should().Be("""{"from":7,"who":"bob"}""");
    }

    [Fact]
    public void A_missing_path_before_the_point_of_no_return_compensates() =>
        Given(TestDefinitions.Of("a", "b").With("b", """{"x": "$.steps.a.output.id"}""")).When(Done("a", """{"no":1}"""))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "failed")
            .And(saga => saga.Reason()!.Text.Should().Contain("step b").And.Contain("$.steps.a.output.id"));

    [Fact]
    public void A_missing_path_of_the_first_step_ends_the_saga_at_once_with_nothing_called() =>
        Given(TestDefinitions.Of("a").With("a", "\"$.input.x\"")).Then("end compensated")
            .ThenIn(SagaPhase.Compensated, "failed");

    [Fact]
    public void Inputs_past_the_point_of_no_return_are_mapped_while_there_still_is_a_way_back() =>
        Given(TestDefinitions.Of("a", "p:pivot", "r:retriable")
                .With("r", """{"known": "$.input.gone", "later": "$.steps.p.output.id"}"""))
            .When(Done("a")).Then("send a/undo").ThenIn(SagaPhase.Compensating, "failed");

    [Theory]
    [InlineData("b", "b")]
    [InlineData("p:pivot", "p")]
    [InlineData("r:retriable", "r")]
    public void An_input_that_would_nest_deeper_than_64_levels_is_never_sent_while_there_still_is_a_way_back(
        string kind, string name) =>
        Given(TestDefinitions.Of("a", kind).With(name, """{"tree": "$.steps.a.output"}"""))
            .When(Done("a", new string('[', 64) + new string(']', 64)))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "failed")
            .And(saga => saga.Reason()!.Text.Should().Be(
                $"step {name} was not called: its input $.steps.a.output is too deep (the whole value may nest 64 levels)"));

    [Fact]
    public void An_input_that_becomes_too_large_for_a_step_past_the_point_of_no_return_is_seen_before_it()
    {
        var story = Given(
            TestDefinitions.Of("a", "p:pivot").With("p", """["$.steps.a.output","$.steps.a.output"]"""));

        story.When(Done("a", $"\"{new string('x', DefinitionLimits.MappedBytes / 2)}\""))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "failed");

        story.Saga.Reason()!.Text.Should().Contain("step p was not called").And.Contain("too large");
    }

    [Fact]
    public void An_input_that_would_nest_too_deep_after_the_point_of_no_return_is_null_with_a_warning()
    {
        var story = Given(TestDefinitions.Of("a", "p:pivot", "r:retriable").With("r", """{"id": "$.steps.p.output"}"""))
            .When(Done("a"), Confirmed("a"), Done("p", new string('[', 64) + new string(']', 64)))
            .Then("send r/do").ThenIn(SagaPhase.Finishing);
        story.Step("r").Data.ToString().Should().Be("""{"id":null}""");
        story.Step("r").LastError().Should().Contain("$.steps.p.output was too deep");
    }

    [Fact]
    public void A_path_missing_after_the_point_of_no_return_is_null_with_a_warning()
    {
        var story = Given(TestDefinitions.Of("a", "p:pivot", "r:retriable").With("r", """{"id": "$.steps.p.output.id"}"""))
            .When(Done("a"), Confirmed("a"), Done("p")).Then("send r/do").ThenIn(SagaPhase.Finishing);
        story.Step("r").Data.ToString().Should().Be("""{"id":null}""");
        story.Step("r").LastError().Should().Contain("$.steps.p.output.id");
    }

    [Fact]
    public void The_output_of_a_completed_saga_is_mapped_and_a_missing_path_is_null_with_a_warning()
    {
        var definition = TestDefinitions.Of("a") with
        {
            Output = TestDefinitions.Mapping("""{"id": "$.steps.a.output.id", "no": "$.steps.a.output.no"}"""),
        };
        var end = Given(definition).When(Done("a", """{"id":1}"""), Confirmed("a")).History.OfType<SagaEnded>().Single();
        end.Output.ToString().Should().Be("""{"id":1,"no":null}""");
        end.Warning.Should().Contain("$.steps.a.output.no");
    }

    [Fact]
    public void A_refused_pivot_compensates_everything_but_the_pivot() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Refused("p", "card declined"))
            .Then("send a/undo").ThenIn(SagaPhase.Compensating, "refused")
            .And(saga => saga.Reason()!.Text.Should().Contain("card declined"))
            .And(saga => saga.IsInDoubt().Should().BeTrue())
            .When(Undone("a", "undone")).Then("end compensated").ThenIn(SagaPhase.Compensated, "refused");

    [Theory]
    [InlineData(400, null)]
    [InlineData(404, null)]
    [InlineData(409, "key-reused")]
    [InlineData(410, "expired")]
    [InlineData(302, null)]
    public void Only_a_refusal_is_a_no_of_the_pivot_all_else_is_tried_again(int status, string? code) =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Says("p", CommandKind.Do, status, code))
            .Then("timer p/do/1").ThenIn(SagaPhase.Pivot)
            .When(WaitOver).Then("send p/do #2");

    [Fact]
    public void An_unreadable_success_of_the_pivot_is_done_with_null_and_a_warning()
    {
        var story = Given(TestDefinitions.Of("a", "p:pivot")).When(
            Done("a"), Confirmed("a"), Answered("p", CommandKind.Do, new Answer { Status = 200, Unreadable = true }));
        story.Then("end completed");
        story.Step("p").Output!.Value.IsNull.Should().BeTrue();
        story.Step("p").LastError().Should().Contain("not JSON");
    }

    [Fact]
    public void A_pivot_without_an_answer_is_stuck_after_its_attempts_and_goes_on_at_the_longest_interval()
    {
        var story = Given(TestDefinitions.Of("p:pivot"))
            .When(Silent("p", CommandKind.Do), WaitOver, Silent("p", CommandKind.Do), WaitOver)
            .And(saga => saga.IsStuck().Should().BeFalse());
        story.When(Silent("p", CommandKind.Do)).Then("timer p/do/3").ThenIn(SagaPhase.Pivot, "failed")
            .And(saga => saga.IsStuck().Should().BeTrue());
        var wait = story.Saga.OpenTimers().Single().DueAt - story.Now;
        wait.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(8)).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
        story.When(WaitOver, Done("p")).Then("end completed").And(saga => saga.IsStuck().Should().BeFalse());
    }

    [Theory]
    [InlineData(400, null, "failed")]
    [InlineData(409, "refused", "failed")]
    [InlineData(404, null, "failed")]
    public void A_no_of_a_retriable_step_makes_the_saga_stuck_at_once(int status, string? code, string reason) =>
        Given(TestDefinitions.Of("a", "r:retriable")).When(Done("a"), Confirmed("a"), Says("r", CommandKind.Do, status, code))
            .Then("timer r/do/1").ThenIn(SagaPhase.Finishing, reason).And(saga => saga.IsStuck().Should().BeTrue())
            .When(WaitOver).Then("send r/do #2")
            .When(Done("r")).Then("end completed").ThenIn(SagaPhase.Completed);
}
