using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>What no other story turned red for when the decider was changed on purpose.</summary>
public sealed class BoundaryStories
{
    [Fact]
    public void An_undo_that_is_under_way_again_holds_up_nobody()
    {
        var story = Given(TestDefinitions.Of("a", "b", "c", "d")).When(Done("a"), Done("b"), Done("c"), Refused("d"));
        story.When(Silent("c", CommandKind.Undo)).Then("timer c/undo/1", "send b/undo");
        story.When(WaitOver).Then("send c/undo #2").When(Undone("b")).Then("send a/undo");
    }

    [Fact]
    public void A_late_acknowledgement_of_a_confirm_changes_nothing_on_the_way_back() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"), Cancelled())
            .When(Confirmed("a"), Says("b", CommandKind.Confirm, 410, "expired")).Then()
            .And(saga => saga.Steps[0].IsConfirmed.Should().BeFalse())
            .And(saga => saga.Steps[1].Confirm.Should().BeOfType<CallState.Underway>());

    [Fact]
    public void The_same_wish_again_has_all_its_tries_again()
    {
        var story = Given(TestDefinitions.Of("a", "u:unarmed")).When(Done("a"), Extend(50 * 60));
        for (var i = 0; i < 2; i++) story.When(Silent("a", CommandKind.Extend)).When(WaitOver);
        story.When(Silent("a", CommandKind.Extend)).When(Extend(50 * 60)).Then("send a/extend-1 #4");
        story.When(Silent("a", CommandKind.Extend)).Then("timer a/extend-1/4").When(WaitOver).Then("send a/extend-1 #5");
    }

    [Fact]
    public void A_word_counts_for_its_own_step_after_another_ones_has()
    {
        var story = Given(TestDefinitions.Of("r:retriable", "s:retriable"))
            .When(Silent("r", CommandKind.Do), Resolve("r", Resolution.Done, "7"), Undone("r", "barred"));
        story.Then("send s/do").When(Silent("s", CommandKind.Do), Resolve("s", Resolution.Done, "8"))
            .When(Undone("s", "barred")).Then("end completed");
        story.Step("r").Output.Should().Be(JsonData.FromText("7"));
        story.Step("s").Output.Should().Be(JsonData.FromText("8"));
    }

    [Fact]
    public void A_pivot_that_was_done_after_all_owes_no_undo_and_no_call_of_its_bar_goes_out_again()
    {
        var story = Given(TestDefinitions.Of("p:pivot", "r:retriable")).When(Resend("p", "2"), StillDone("p", "1"));
        story.Step("p").View().Should().Be(StepView.Done);
        story.Saga.OpenCalls().Select(call => (call.Sent.Step, call.Sent.Command))
            .Should().Equal(("r", CommandKind.Do));
    }

    [Fact]
    public void The_keys_of_a_step_are_counted_for_itself()
    {
        var story = Given(TestDefinitions.Of("a", "b"))
            .When(Resend("a", "2"), Undone("a", "barred"), Done("a~2"), Resend("b", "3"));
        story.Then("send b/undo").When(Undone("b", "barred")).Then("send b~2/do");
    }

    [Fact]
    public void The_no_of_a_retriable_waits_for_as_long_as_there_is()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Says("r", CommandKind.Do, 409));
        var wait = story.Saga.OpenTimers().Single(timer => !TimerNames.IsDeadline(timer.Timer)).DueAt - story.Now;
        wait.Should().BeCloseTo(TestDefinitions.Retry.Longest, 0.2 * TestDefinitions.Retry.Longest);
    }

    [Fact]
    public void A_recorded_confirm_goes_out_only_while_confirming()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Done("b"));
        var confirm = story.Saga.OpenCalls().First(call => call.Sent.Command == CommandKind.Confirm).Sent;

        CallFates.Of(story.Saga, confirm).Should().Be(CallFate.Send);
        CallFates.Of(story.When(Cancelled()).Saga, confirm).Should().Be(CallFate.Drop);
    }

    [Fact]
    public void A_recorded_attempt_does_not_go_out_behind_a_newer_one()
    {
        var story = Given(TestDefinitions.Of("a"));
        var first = story.Saga.OpenCalls().Single().Sent;

        story.When(Silent("a", CommandKind.Do), WaitOver);

        CallFates.Of(story.Saga, first).Should().Be(CallFate.Drop);
        CallFates.Of(story.Saga, story.Saga.OpenCalls().Single().Sent).Should().Be(CallFate.Send);
    }

    [Fact]
    public void A_recorded_extend_goes_out_only_for_the_extension_that_is_asked_for()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90));
        var first = story.Saga.OpenCalls().Single(call => call.Sent.Command == CommandKind.Extend).Sent;
        CallFates.Of(story.Saga, first).Should().Be(CallFate.Send);

        story.When(Says("a", CommandKind.Extend, 404), Extend(120));

        CallFates.Of(story.Saga, first).Should().Be(CallFate.Drop);
        CallFates.Of(story.When(Cancelled()).Saga, first with { Extension = 2 }).Should().Be(CallFate.Drop);
    }

    [Fact]
    public void After_a_crash_an_extend_asks_for_the_same_expiry_and_an_operation_is_asked_after_where_it_was()
    {
        var extending = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90)).Saga;
        extending.OpenCalls().Single(call => call.Sent.Command == CommandKind.Extend).Sent.ExpiresAt
            .Should().Be(Start.AddSeconds(90));
        var asking = Given(TestDefinitions.Of("a"))
            .When(Says("a", CommandKind.Do, 202, location: "/jobs/1"), WaitOver).Saga;
        asking.OpenCalls().Single().Sent.AskAt.Should().Be("/jobs/1");
    }

    [Fact]
    public void The_word_of_an_earlier_extension_moves_nothing_of_a_later_one()
    {
        var story = Given(TestDefinitions.Of("a", "b"))
            .When(Done("a"), Extend(90), Says("a", CommandKind.Extend, 404), Extend(120));
        var late = new CallAnswered
        {
            At = story.Now,
            Step = "a",
            Command = CommandKind.Extend,
            Attempt = 1,
            Extension = 1,
            Answer = new Answer { Status = 200 },
        };

        story.When(_ => late).And(_ => story.Step("a").HeldUntil.Should().Be(Start.AddSeconds(60)))
            .And(_ => story.Step("a").Extend.Should().BeOfType<CallState.Underway>());
    }

    [Fact]
    public void The_instant_of_a_saga_never_goes_back() =>
        Given(TestDefinitions.Of("a", "b")).At(5).When(Done("a")).At(3).When(Silent("b", CommandKind.Do))
            .And(saga => saga.LastAt.Should().Be(Start.AddSeconds(5)));

    [Fact]
    public void It_is_in_doubt_since_its_earliest_confirm_and_not_since_the_last_event() =>
        Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Done("b"), Done("c"))
            .At(7).When(Confirmed("b")).At(9).When(Confirmed("a")).At(11).When(Cancelled(), Undone("c"))
            .And(saga => saga.InDoubtSince().Should().Be(Start.AddSeconds(7)));

    [Fact]
    public void A_plain_service_is_not_told_the_end() =>
        Given(TestDefinitions.Of("u:unarmed", "a", "r:retriable"))
            .When(Done("u"), Done("a"), Confirmed("a"), Done("r")).Then("end completed")
            .And(saga => ((Ended)saga).ParticipantsToTell().Should().Equal("p-a", "p-r"));

    [Theory]
    [InlineData(0, 3600, true)]
    [InlineData(0, 3600.001, false)]
    [InlineData(57.999, 60, true)]
    [InlineData(58, 60, false)]
    public void A_deadline_is_postponed_within_its_longest_and_beyond_the_guard(double now, double to, bool isTaken)
    {
        var verb = new SagaVerb.Extend { Actor = "ann", ExpiresAt = Start.AddSeconds(to) };

        var ruling = VerbRules.Judge(Given(TestDefinitions.Of("a")).Saga, verb, Start.AddSeconds(now));

        (ruling is VerbRuling.Allowed).Should().Be(isTaken);
    }
}
