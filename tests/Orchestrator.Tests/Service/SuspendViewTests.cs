using Orchestrator.Service.Api.Sagas;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Service;

/// <summary>What readers see of a suspension.</summary>
public sealed class SuspendViewTests
{
    [Fact]
    public void A_suspended_saga_says_so_until_it_is_resumed() =>
        Story.Given(TestDefinitions.Of("a")).When(Moves.Suspended)
            .And(saga => SagaView.Whole(saga, covers: null).Suspended.Should().BeTrue())
            .When(Moves.Resumed).And(saga => SagaView.Whole(saga, covers: null).Suspended.Should().BeFalse());

    [Fact]
    public void A_history_names_who_asked_and_why()
    {
        var story = Story.Given(TestDefinitions.Of("a")).When(Moves.Suspended, Moves.Resumed, Moves.Terminated);

        var items = HistoryView.Of(story.History, TestDefinitions.Of("a"), null).Items;

        items.Where(item => item.Type.EndsWith("-requested", StringComparison.Ordinal))
            .Select(item => (item.Type, item.Actor, item.Text)).Should().Equal(
                ("suspend-requested", "ann", "stocktaking"), ("resume-requested", "bob", null), ("terminate-requested", "root", null));
    }

    [Fact]
    public void A_terminated_saga_gives_that_as_its_reason() =>
        Story.Given(TestDefinitions.Of("a")).When(Moves.Terminated).And(saga =>
            SagaView.Whole(saga, covers: null).Reason.Should().Be(new ReasonBody("terminated", "terminated by root", "root")));
}
