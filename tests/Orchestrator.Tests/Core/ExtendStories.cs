using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>Extend: participants first, the saga's own deadline last.</summary>
public sealed class ExtendStories
{
    private static readonly DateTimeOffset At90 = Start.AddSeconds(90);

    [Fact]
    public void Without_a_call_the_deadline_moves_at_once_and_has_a_timer_of_its_own() =>
        Given(TestDefinitions.Of("u:unarmed", "a")).At(1).When(Extend(90)).Then("timer deadline~1")
            .And(saga => saga.ExpiresAt.Should().Be(At90))
            .When(Done("u")).Then("send a/do")
            .And(saga => saga.OpenTimers().Should().ContainSingle(timer => timer.DueAt == At90));

    [Fact]
    public void Participants_are_asked_first_and_the_next_step_waits_until_the_deadline_has_moved()
    {
        var story = Given(TestDefinitions.Of("a", "b", "u:unarmed", "c")).When(Done("a"), Done("b"), Extend(90));
        story.Then("send a/extend-1", "send b/extend-1").And(saga => saga.ExpiresAt.Should().Be(Start.AddSeconds(60)));
        story.When(Done("u")).Then().When(Extended("a")).Then().When(Extended("b"))
            .Then("timer deadline~1", "send c/do")
            .And(saga => saga.ExpiresAt.Should().Be(At90));
    }

    [Fact]
    public void A_do_under_way_goes_on_and_its_step_is_asked_right_after_its_answer()
    {
        var story = Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Extend(90)).Then("send a/extend-1");
        story.When(Extended("a")).Then().And(saga => saga.ExpiresAt.Should().Be(Start.AddSeconds(60)));
        story.When(Silent("b", CommandKind.Do)).Then("timer b/do/1").When(WaitOver).Then("send b/do #2");
        story.When(Done("b")).Then("send b/extend-1");
        story.When(Extended("b")).Then("timer deadline~1", "send c/do");
        story.History.OfType<CallSent>().Last().ExpiresAt.Should().Be(At90);
    }

    [Fact]
    public void The_last_step_that_answers_meanwhile_does_not_start_confirming()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90), Done("b")).Then("send b/extend-1");
        story.ThenIn(SagaPhase.Doing).When(Extended("b")).Then().When(Extended("a"))
            .Then("timer deadline~1", "send a/confirm", "send b/confirm").ThenIn(SagaPhase.Confirming);
    }

    [Theory]
    [InlineData(404, "not-held")]
    [InlineData(409, "not-extended")]
    [InlineData(410, "undone")]
    public void A_no_leaves_deadline_and_phase_where_they_are(int status, string code) =>
        Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Done("b"), Extend(90), Extended("a"))
            .When(Says("b", CommandKind.Extend, status, code)).Then()
            .ThenIn(SagaPhase.Doing)
            .And(saga => saga.ExpiresAt.Should().Be(Start.AddSeconds(60)))
            .And(saga => saga.Extension!.Progress.Should().Be(ExtensionProgress.NotExtended))
            .When(Done("c")).ThenIn(SagaPhase.Confirming);

    [Fact]
    public void Silence_is_tried_three_times_and_the_saga_goes_on_with_the_old_deadline()
    {
        var story = Given(TestDefinitions.Of("a", "u:unarmed")).When(Done("a"), Extend(50 * 60));
        story.When(Silent("a", CommandKind.Extend)).Then("timer a/extend-1/1").When(WaitOver)
            .Then("send a/extend-1 #2");
        story.When(Silent("a", CommandKind.Extend)).When(WaitOver).Then("send a/extend-1 #3");
        story.When(Silent("a", CommandKind.Extend)).Then()
            .And(saga => saga.Extension!.Progress.Should().Be(ExtensionProgress.NotExtended));
        story.When(Done("u")).Then("send a/confirm");
    }

    [Fact]
    public void The_same_wish_again_goes_on_with_the_same_command_and_a_new_attempt()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90));
        story.When(Says("a", CommandKind.Extend, 404)).When(Extend(90)).Then("send a/extend-1 #2");
        story.When(Extended("a"), Done("b"), Extended("b")).And(saga => saga.ExpiresAt.Should().Be(At90));
    }

    [Fact]
    public void Another_wish_has_another_number_and_asks_nobody_who_holds_long_enough()
    {
        var story = Given(TestDefinitions.Of("a", "b", "c")).When(Done("a"), Done("b"), Extend(120), Extended("a"));
        story.When(Says("b", CommandKind.Extend, 404)).When(Extend(90)).Then("send b/extend-2");
        story.When(Extended("b"), Done("c"), Extended("c")).And(saga => saga.ExpiresAt.Should().Be(At90));
    }

    [Fact]
    public void The_answer_of_an_earlier_extension_does_not_count_for_a_later_one()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90));
        story.When(Says("a", CommandKind.Extend, 404), Extend(120)).Then("send a/extend-2");
        story.When(s => new CallAnswered
        {
            At = s.Now,
            Step = "a",
            Command = CommandKind.Extend,
            Attempt = 1,
            Extension = 1,
            Answer = new Answer { Status = 200 },
        }).Then().And(saga => saga.Extension!.Progress.Should().Be(ExtensionProgress.Asking));
    }

    [Fact]
    public void The_old_deadline_rules_while_they_are_asked() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90)).When(DeadlinePassed)
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Deadline)
            .And(saga => saga.Extension!.Progress.Should().Be(ExtensionProgress.NotExtended));

    [Fact]
    public void An_answer_recorded_at_the_old_deadline_comes_too_late() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90)).At(60).When(Extended("a"))
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Deadline);

    [Fact]
    public void After_the_move_the_old_timer_changes_nothing_and_the_new_one_turns_the_saga_back()
    {
        var story = Given(TestDefinitions.Of("u:unarmed", "a")).When(Extend(90));
        story.At(60).When(Timer("deadline")).Then().ThenIn(SagaPhase.Doing);
        story.At(90).When(Timer("deadline~1")).ThenIn(SagaPhase.Compensating, ReasonCodes.Deadline);
    }

    [Fact]
    public void A_suspended_saga_is_extended_all_the_same() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Suspended, Extend(90)).Then("send a/extend-1");

    [Fact]
    public void A_cancel_ends_it() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90), Cancelled()).Then("send b/undo")
            .And(saga => saga.Extension!.Progress.Should().Be(ExtensionProgress.NotExtended))
            .When(Extended("a")).Then();

    [Fact]
    public void Data_that_were_mapped_stay_and_later_ones_see_the_new_deadline()
    {
        var definition = TestDefinitions.Of("u:unarmed", "b").With("u", "{\"e\":\"$.saga.expiresAt\"}")
            .With("b", "{\"e\":\"$.saga.expiresAt\"}");
        var story = Given(definition).When(Extend(90), Done("u"));
        story.Step("u").Data!.Value.ToString().Should().Contain("12:01:00");
        story.Step("b").Data!.Value.ToString().Should().Contain("12:01:30");
    }
}
