using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>Resolve: what a ledger can still say comes before a person's word.</summary>
public sealed class ResolveStories
{
    [Fact]
    public void A_retriable_is_barred_before_a_person_is_believed()
    {
        var story = Given(TestDefinitions.Of("r:retriable", "s:retriable")).When(Silent("r", CommandKind.Do));
        story.When(Resolve("r", Resolution.Done, "7")).Then("send r/undo").ThenIn(SagaPhase.Finishing);
        story.When(Done("r", "1")).Then().And(_ => story.Step("r").View().Should().Be(StepView.Unknown));
        story.When(Undone("r", "barred")).Then("send s/do");
        story.Step("r").Output.Should().Be(JsonData.FromText("7"));
        story.Step("r").LastError().Should().Be("resolved as done by ann: rang them");
    }

    [Fact]
    public void A_retriable_that_had_run_keeps_its_own_output()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Resolve("r", Resolution.Done, "7"));
        story.When(StillDone("r", "\"ran\"")).Then("end completed");
        story.Step("r").Output.Should().Be(JsonData.FromText("\"ran\""));
    }

    [Fact]
    public void A_participant_without_a_ledger_is_believed_at_once()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Says("r", CommandKind.Do, 409));
        story.When(Resolve("r", Resolution.Done)).Then("end completed");
    }

    [Fact]
    public void A_participant_that_shows_to_have_no_ledger_by_its_answer_to_the_bar_is_believed_then()
    {
        var story = Given(TestDefinitions.Of("r:retriable"))
            .When(Silent("r", CommandKind.Do), Resolve("r", Resolution.Done));
        story.When(Says("r", CommandKind.Undo, 404)).Then("end completed");
    }

    [Fact]
    public void A_gateways_words_are_no_proof_that_there_is_no_ledger() =>
        Given(TestDefinitions.Of("r:retriable")).When(Says("r", CommandKind.Do, 503), Resolve("r", Resolution.Done))
            .Then("send r/undo");

    [Fact]
    public void A_resend_with_data_takes_the_place_of_the_word()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Resolve("r", Resolution.Done), Resend("r", "{}"));
        story.When(Undone("r", "barred")).Then("send r~2/do");
    }

    [Fact]
    public void A_word_after_a_resend_waits_for_the_same_bar()
    {
        var story = Given(TestDefinitions.Of("r:retriable")).When(Resend("r", "2"), Resolve("r", Resolution.Done))
            .Then();
        story.When(Undone("r", "barred")).Then("end completed");
    }

    [Fact]
    public void A_pivot_is_barred_and_then_the_saga_turns_back()
    {
        var story = Given(TestDefinitions.Of("a", "p:pivot"))
            .When(Done("a"), Confirmed("a"), Resolve("p", Resolution.Undone));
        story.Then("send p/undo").When(Done("p")).Then().ThenIn(SagaPhase.Pivot);
        story.When(Undone("p", "barred")).Then("send a/undo").ThenIn(SagaPhase.Compensating, ReasonCodes.Resolved);
        story.And(saga => saga.Reason()!.Actor.Should().Be("ann"));
        story.And(saga => saga.Reason()!.Text.Should().Contain("rang them"));
        story.When(Undone("a")).Then("end compensated");
    }

    [Fact]
    public void A_pivot_that_was_done_after_all_goes_forward_whatever_the_person_says() =>
        Given(TestDefinitions.Of("p:pivot")).When(Resolve("p", Resolution.Undone)).When(StillDone("p", "1"))
            .Then("end completed");

    [Fact]
    public void A_pivot_whose_participant_has_no_ledger_is_done_when_a_person_says_so() =>
        Given(TestDefinitions.Of("p:pivot")).When(Says("p", CommandKind.Do, 422))
            .When(Resolve("p", Resolution.Done, "5"))
            .Then("end completed");

    [Fact]
    public void A_saga_ends_on_a_persons_word_and_names_the_participant_until_it_answers()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Refused("b"), Silent("a", CommandKind.Undo));
        story.When(Resolve("a", Resolution.Undone)).Then("end compensated")
            .ThenIn(SagaPhase.Compensated, ReasonCodes.Refused);
        story.And(saga => saga.Unverified().Should().Equal("p-a"));
        story.And(saga => saga.IsClosed().Should().BeFalse());
        story.And(saga => ((Ended)saga).ParticipantsToTell().Should().Equal("p-b"));

        story.When(WaitOver).Then("send a/undo #2").When(Silent("a", CommandKind.Undo)).Then("timer a/undo/2");
        story.When(WaitOver, Undone("a")).Then();
        story.And(saga => saga.Unverified().Should().BeEmpty());
        story.And(saga => saga.IsClosed().Should().BeTrue());
        story.And(saga => ((Ended)saga).ParticipantsToTell().Should().Equal("p-a", "p-b"));
        story.ThenIn(SagaPhase.Compensated, ReasonCodes.Refused);
    }

    [Fact]
    public void The_others_are_still_waited_for()
    {
        var story = Given(TestDefinitions.Of("a", "b")).When(Done("a"), Cancelled(), Silent("b", CommandKind.Undo));
        story.When(Resolve("b", Resolution.Undone)).ThenIn(SagaPhase.Compensating, ReasonCodes.Cancelled);
        story.And(saga => saga.Unverified().Should().Equal("p-b"));
        story.When(Undone("a")).Then("end compensated");
    }

    [Fact]
    public void A_resolved_undo_makes_nobody_look_any_more_and_stays_in_doubt()
    {
        var story = Given(TestDefinitions.Of("a", "b"))
            .When(Done("a"), Done("b"), Confirmed("a"), Cancelled(), Undone("b"));
        for (var i = 0; i < 3; i++) story.When(Silent("a", CommandKind.Undo)).When(WaitOver);
        story.And(saga => saga.IsStuck().Should().BeTrue());
        story.When(Resolve("a", Resolution.Undone)).And(saga => saga.IsStuck().Should().BeFalse());
        story.And(saga => saga.IsInDoubt().Should().BeTrue()).When(Undone("a"))
            .And(saga => saga.IsInDoubt().Should().BeFalse());
    }

    [Fact]
    public void A_lost_ledger_is_resolved_and_goes_on_being_asked()
    {
        var story = Given(TestDefinitions.Of("a", "b"))
            .When(Done("a", "1", "L1"), Refused("b"), Undone("a", "barred", "L2"));
        story.ThenIn(SagaPhase.Compensating, ReasonCodes.LedgerLost);
        story.When(Resolve("a", Resolution.Undone)).Then("end compensated")
            .And(saga => saga.Unverified().Should().Equal("p-a"));
    }
}
