using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class CallStories
{
    [Fact]
    public void An_operation_in_progress_is_asked_after_and_its_answer_is_the_commands() =>
        Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, 202, location: "/jobs/1")).Then("timer a/do/1")
            .And(saga => saga.Steps[0].View().Should().Be(StepView.Calling))
            .When(WaitOver).Then("ask a/do at /jobs/1")
            .When(Says("a", CommandKind.Do, 202, location: "/jobs/2")).When(WaitOver).Then("ask a/do at /jobs/2")
            .When(Done("a")).Then("send a/confirm");

    [Fact]
    public void An_operation_that_is_not_known_there_any_more_is_sent_again() =>
        Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, 202, location: "/jobs/1"), WaitOver)
            .When(Says("a", CommandKind.Do, 404)).Then("timer a/do/2").ThenIn(SagaPhase.Doing)
            .When(WaitOver).Then("send a/do #2");

    [Fact]
    public void Asking_without_an_answer_asks_again() =>
        Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, 202, location: "/jobs/1"), WaitOver)
            .When(Silent("a", CommandKind.Do)).When(WaitOver).Then("ask a/do at /jobs/1");

    [Fact]
    public void An_address_that_only_ever_fails_is_forgotten_after_as_many_tries_as_there_are_attempts()
    {
        var story = Given(TestDefinitions.Of("a")).When(Says("a", CommandKind.Do, 202, location: "/jobs/1"), WaitOver);
        for (var i = 1; i < TestDefinitions.Retry.Attempts; i++)
            story.When(Says("a", CommandKind.Do, 500), WaitOver).Then("ask a/do at /jobs/1");
        story.When(Says("a", CommandKind.Do, 500)).When(WaitOver).Then("send a/do #2");
    }

    [Fact]
    public void The_first_answer_wins_over_a_later_one() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a", """{"n":1}""")).When(Done("a", """{"n":2}"""), Refused("a")).Then()
            .ThenIn(SagaPhase.Doing).And(saga => saga.Steps[0].Output.ToString().Should().Be("""{"n":1}"""));

    [Fact]
    public void A_late_answer_to_an_earlier_attempt_counts_for_the_command() =>
        Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do), WaitOver).Then("send a/do #2")
            .When(AnsweredTo("a", CommandKind.Do, 1, new Answer { Status = 200 })).Then("send a/confirm");

    [Fact]
    public void A_late_silence_of_an_earlier_attempt_says_nothing_about_the_newer_one() =>
        Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do), WaitOver)
            .When(AnsweredTo("a", CommandKind.Do, 1, new Answer { Status = 503 })).Then()
            .And(saga => saga.Steps[0].Do.Should().BeOfType<CallState.Underway>());

    [Fact]
    public void An_answer_to_a_command_that_was_never_sent_changes_nothing() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("b"), Confirmed("a"), Undone("a")).Then().ThenIn(SagaPhase.Doing)
            .When(story => new CallAnswered
            {
                At = story.Now,
                Step = "nobody",
                Command = CommandKind.Do,
                Attempt = 1,
                Answer = new Answer { Status = 200 },
            })
            .Then().ThenIn(SagaPhase.Doing);

    [Fact]
    public void Retry_sends_what_waits_now_and_the_old_timer_then_finds_nothing()
    {
        var story = Given(TestDefinitions.Of("a")).When(Silent("a", CommandKind.Do)).Then("timer a/do/1");
        story.When(Retried).Then("send a/do #2");
        story.When(Timer("a/do/1")).Then();
    }

    [Fact]
    public void Retry_for_one_participant_leaves_the_others_waiting()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"))
            .When(Silent("a", CommandKind.Confirm), Silent("b", CommandKind.Confirm));
        story.When(RetriedAt("p-nobody")).Then();
        story.When(RetriedAt("p-b")).Then("send b/confirm #2")
            .And(saga => (saga.HasWaiting("p-a"), saga.HasWaiting("p-b"), saga.HasWaiting(null))
                .Should().Be((true, false, true)));
        story.When(RetriedAt("p-a")).Then("send a/confirm #2").And(saga => saga.HasWaiting(null).Should().BeFalse());
    }

    [Fact]
    public void What_an_operator_had_said_of_retries_when_an_answer_came_counts_for_that_answer_alone()
    {
        var slow = RetryOverride.None with { First = TimeSpan.FromSeconds(8) };
        var story = Given(TestDefinitions.Of("a")).When(SilentWith("a", CommandKind.Do, slow));
        WaitOf(story).Should().BeCloseTo(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1.7));

        story.When(WaitOver, Silent("a", CommandKind.Do));
        WaitOf(story).Should().BeCloseTo(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void As_many_attempts_as_an_operator_allows_make_a_saga_stuck()
    {
        var one = RetryOverride.None with { Attempts = 1 };
        var story = Given(TestDefinitions.Of("p:pivot")).When(Silent("p", CommandKind.Do))
            .And(saga => saga.IsStuck().Should().BeFalse());
        story.When(WaitOver, SilentWith("p", CommandKind.Do, one)).And(saga => saga.IsStuck().Should().BeTrue());
        WaitOf(story).Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
    }

    private static TimeSpan WaitOf(Story story) =>
        story.Saga.OpenTimers().Single(open => !TimerNames.IsDeadline(open.Timer)).DueAt - story.Now;

    [Fact]
    public void Retry_with_nothing_waiting_is_recorded_and_sends_nothing_twice() =>
        Given(TestDefinitions.Of("a")).When(Retried).Then().And(saga => saga.Version.Should().Be(4));

    [Fact]
    public void An_unarmed_step_is_undone_only_after_its_call_has_ended() =>
        Given(TestDefinitions.Of("u:unarmed")).When(Cancelled()).Then().ThenIn(SagaPhase.Compensating, "cancelled")
            .When(Done("u")).Then("send u/undo").When(Undone("u")).Then("end compensated");

    [Fact]
    public void An_unarmed_step_that_refuses_after_the_cancel_needs_no_undo() =>
        Given(TestDefinitions.Of("u:unarmed")).When(Cancelled()).When(Refused("u")).Then("end compensated");

    [Theory]
    [InlineData(Silence.TimedOut)]
    [InlineData(Silence.Broken)]
    public void An_unarmed_step_without_an_answer_is_undone_twice_one_timeout_apart(Silence silence)
    {
        var story = Given(TestDefinitions.Of("u:unarmed")).When(Silent("u", CommandKind.Do, silence), Cancelled()).Then("send u/undo");
        story.When(Undone("u")).Then("timer u/undo/1").ThenIn(SagaPhase.Compensating, "cancelled");
        (story.Saga.OpenTimers().Single(t => t.Timer == "u/undo/1").DueAt - story.Now)
            .Should().Be(TestDefinitions.Retry.Timeout);
        story.When(Timer("u/undo/1")).Then("send u/undo #2").When(Undone("u")).Then("end compensated");
    }

    [Fact]
    public void An_unarmed_step_in_progress_is_asked_after_before_it_is_undone() =>
        Given(TestDefinitions.Of("u:unarmed")).When(Says("u", CommandKind.Do, 202, location: "/jobs/1"), Cancelled()).Then()
            .When(Timer("u/do/1")).Then("ask u/do at /jobs/1")
            .When(Done("u")).Then("send u/undo");

    [Fact]
    public void An_unarmed_step_is_not_confirmed() =>
        Given(TestDefinitions.Of("u:unarmed", "a")).When(Done("u"), Done("a")).Then("send a/confirm")
            .When(Confirmed("a")).Then("end completed");

    [Fact]
    public void A_wait_follows_from_saga_call_and_attempt_alone_and_never_exceeds_the_longest()
    {
        var policy = RetryPolicy.Default;
        for (var attempt = 1; attempt < 40; attempt++)
        {
            var delay = policy.DelayAfter("saga", "a/do", attempt);
            delay.Should().Be(policy.DelayAfter("saga", "a/do", attempt)).And.BeLessThanOrEqualTo(policy.Longest);
            delay.TotalMilliseconds.Should().BeGreaterThanOrEqualTo(
                0.8 * Math.Min(200 * Math.Pow(2, attempt - 1), policy.Longest.TotalMilliseconds) - 1);
        }

        Enumerable.Range(0, 20).Select(n => policy.DelayAfter($"saga-{n}", "a/do", 5)).Distinct()
            .Should().HaveCountGreaterThan(10, "sagas that failed together do not come back together");
    }

    [Fact]
    public void After_a_crash_open_calls_go_out_again_with_the_same_attempt() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Silent("b", CommandKind.Do), WaitOver)
            .And(saga => saga.OpenCalls()
                .Select(call => (call.Sent.Step, call.Sent.Attempt, CallFates.Of(saga, call.Sent)))
                .Should().Equal(("b", 2, CallFate.Send)));

    [Fact]
    public void A_do_not_yet_on_the_wire_is_not_sent_once_the_saga_goes_back()
    {
        var armed = Given(TestDefinitions.Of("a")).When(Cancelled()).Saga;
        var unarmed = Given(TestDefinitions.Of("u:unarmed")).When(Cancelled()).Saga;
        CallFates.Of(armed, armed.OpenCalls().First().Sent).Should().Be(CallFate.Drop, "its undo bars it");
        CallFates.Of(unarmed, unarmed.OpenCalls().Single().Sent).Should().Be(CallFate.CountAsBroken, "its undo waits for its end");
    }
}
