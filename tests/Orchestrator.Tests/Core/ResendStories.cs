using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>Resend: the same data now, or other data under another key once the old one is barred.</summary>
public sealed class ResendStories
{
    private const string Other = """{"n":2}""";

    [Fact]
    public void With_the_same_data_only_what_waits_of_that_step_goes_now()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Cancelled(), Silent("b", CommandKind.Undo));
        story.When(Silent("a", CommandKind.Undo)).Then("timer a/undo/1");
        story.When(Resend("a")).Then("send a/undo #2")
            .And(_ => story.Key("b").Undo.Should().BeOfType<CallState.Waiting>());
    }

    [Fact]
    public void With_other_data_the_old_key_is_barred_before_the_do_goes_out_under_the_next()
    {
        var story = Given(TestDefinitions.Of("a")).When(Resend("a", Other)).Then("send a/undo");
        story.When(Done("a")).Then().ThenIn(SagaPhase.Doing);
        story.When(Undone("a", "barred")).Then("send a~2/do");
        story.History.OfType<CallSent>().Last().Data.Should().Be(JsonData.FromText(Other));
        story.When(Done("a~2", "1")).Then("send a~2/confirm");
        story.When(Confirmed("a~2")).Then("end completed");
    }

    [Fact]
    public void The_bar_of_a_suspended_saga_goes_out_and_the_next_do_waits_for_the_resume() =>
        Given(TestDefinitions.Of("a")).When(Suspended, Resend("a", Other)).Then("send a/undo")
            .When(Undone("a", "barred")).Then().When(Resumed).Then("send a~2/do");

    [Fact]
    public void The_same_data_again_makes_no_other_key()
    {
        var story = Given(TestDefinitions.Of("a")).When(Resend("a", Other), Undone("a", "barred"));
        story.When(Resend("a", """{ "n" : 2 }""")).Then().And(saga => saga.Former.Should().ContainSingle());
        story.When(Resend("a", """{"n":3}""")).Then("send a~2/undo").And(saga => saga.Former.Should().HaveCount(2));
    }

    [Fact]
    public void Other_data_before_the_bar_is_acknowledged_replaces_what_was_never_sent()
    {
        var story = Given(TestDefinitions.Of("a")).When(Resend("a", Other), Resend("a", """{"n":3}""")).Then();
        story.When(Undone("a", "barred")).Then("send a~2/do");
        story.Step("a").Data.Should().Be(JsonData.FromText("""{"n":3}"""));
    }

    [Fact]
    public void Every_key_ever_sent_is_undone_and_only_the_newest_was_confirmed()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Resend("a", Other), Undone("a", "barred"), Done("a~2"));
        story.When(Refused("b")).Then("send a~2/undo").When(Undone("a~2")).Then("end compensated");
        story.And(saga => ((Ended)saga).ParticipantsToTell().Should().Contain("p-a"));
    }

    [Fact]
    public void Turned_back_before_the_bar_is_acknowledged_the_old_key_owes_its_undo_and_the_next_nothing() =>
        Given(TestDefinitions.Of("a")).When(Resend("a", Other), Cancelled()).Then()
            .ThenIn(SagaPhase.Compensating, ReasonCodes.Cancelled)
            .When(Undone("a")).Then("end compensated");

    [Fact]
    public void An_unarmed_do_has_to_end_before_it_is_barred_and_what_it_says_does_not_count()
    {
        var story = Given(TestDefinitions.Of("u:unarmed")).When(Resend("u", Other)).Then();
        story.When(Done("u")).Then("send u/undo").ThenIn(SagaPhase.Doing);
        story.When(Undone("u")).Then("send u~2/do");
    }

    [Fact]
    public void An_unarmed_do_that_was_refused_meanwhile_owes_nothing() =>
        Given(TestDefinitions.Of("u:unarmed")).When(Resend("u", Other)).When(Refused("u")).Then("send u~2/do")
            .ThenIn(SagaPhase.Doing);

    [Fact]
    public void A_pivot_that_was_done_after_all_counts_and_nothing_is_sent()
    {
        var story = Given(TestDefinitions.Of("p:pivot", "r:retriable")).When(Resend("p", Other)).Then("send p/undo");
        story.When(Done("p", "1")).Then().ThenIn(SagaPhase.Pivot);
        story.When(StillDone("p", "\"paid\"")).Then("send r/do").ThenIn(SagaPhase.Finishing);
        story.Step("p").Output.Should().Be(JsonData.FromText("\"paid\""));
        story.Step("p").Key.Should().Be("p");
    }

    [Fact]
    public void A_pivot_that_is_barred_goes_out_with_other_data_and_is_never_turned_back_by_it()
    {
        var story = Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"), Resend("p", Other));
        story.When(Undone("p", "barred")).Then("send p~2/do").ThenIn(SagaPhase.Pivot);
        story.When(Refused("p")).Then().ThenIn(SagaPhase.Pivot);
        story.When(Refused("p~2")).Then("send a/undo").ThenIn(SagaPhase.Compensating, ReasonCodes.Refused);
    }

    [Fact]
    public void A_stuck_retriable_goes_on_with_corrected_data()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Says("r", CommandKind.Do, 409, "refused"));
        story.And(saga => saga.IsStuck().Should().BeTrue());
        story.When(Resend("r", Other)).Then("send r/undo").And(saga => saga.IsStuck().Should().BeFalse());
        story.When(Undone("r", "barred")).Then("send r~2/do").When(Done("r~2")).Then("end completed");
    }

    [Fact]
    public void A_bar_that_keeps_failing_makes_the_saga_stuck_and_names_the_step()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Resend("r", Other));
        for (var i = 0; i < 3; i++) story.When(Silent("r", CommandKind.Undo)).When(WaitOver);
        story.And(saga => saga.Reason()!.Text.Should().Contain("step r cannot go on at p-r"));
    }

    [Fact]
    public void While_the_saga_is_extended_the_next_key_waits() =>
        Given(TestDefinitions.Of("a", "b")).When(Done("a"), Extend(90), Resend("b", Other)).Then("send b/undo")
            .When(Undone("b", "barred")).Then()
            .When(Extended("a")).Then("timer deadline~1", "send b~2/do");
}
