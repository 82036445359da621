using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

public sealed class VerbStories
{
    private static readonly SagaVerb Cancel = new SagaVerb.Cancel { Actor = "ann" };
    private static readonly SagaVerb Suspend = new SagaVerb.Suspend { Actor = "ann", Reason = "stocktaking" };
    private static readonly SagaVerb Resume = new SagaVerb.Resume { Actor = "ann" };
    private static readonly SagaVerb Terminate = new SagaVerb.Terminate { Actor = "ann" };

    private static StartedSaga Doing => Given(TestDefinitions.Of("a", "p:pivot", "r:retriable")).Saga;

    private static StartedSaga Confirming => Story(Done("a"));

    private static StartedSaga Pivoting => Story(Done("a"), Confirmed("a"));

    private static StartedSaga Finishing => Story(Done("a"), Confirmed("a"), Done("p"));

    private static StartedSaga Compensating => Story(Cancelled());

    [Fact]
    public void Suspend_resume_and_terminate_are_taken_in_every_phase_that_runs()
    {
        foreach (var saga in new[] { Doing, Confirming, Pivoting, Finishing, Compensating })
        {
            Judge(saga, Suspend).Should().Be(new VerbRuling.Allowed(
                new SuspendRequested { At = saga.LastAt, Actor = "ann", Reason = "stocktaking" }));
            Judge(saga, Resume)
                .Should().Be(new VerbRuling.Allowed(new ResumeRequested { At = saga.LastAt, Actor = "ann" }));
            Judge(saga, Terminate)
                .Should().Be(new VerbRuling.Allowed(new TerminateRequested { At = saga.LastAt, Actor = "ann" }));
        }
    }

    [Fact]
    public void A_second_cancel_is_recorded_and_keeps_the_first_reason() =>
        Given(TestDefinitions.Of("a")).When(Cancelled("ann", "first")).When(Cancelled("bob", "second")).Then()
            .And(saga => saga.Reason()!.Text.Should().Contain("first").And.NotContain("second"));

    [Fact]
    public void A_cancel_recorded_behind_the_pivots_call_changes_nothing() =>
        Given(TestDefinitions.Of("a", "p:pivot")).When(Done("a"), Confirmed("a"))
            .When(story => new CancelRequested { At = story.Now, Actor = "ann" }).Then().ThenIn(SagaPhase.Pivot);

    [Fact]
    public void A_verb_is_recorded_no_earlier_than_the_event_before_it()
    {
        var saga = Given(TestDefinitions.Of("a")).At(10).When(Silent("a", CommandKind.Do)).Saga;
        var allowed = (VerbRuling.Allowed)VerbRules.Judge(saga, Cancel, Start);
        allowed.Event.At.Should().Be(saga.LastAt);
    }

    private static StartedSaga Story(params Func<Story, SagaEvent>[] moves) =>
        Given(TestDefinitions.Of("a", "p:pivot", "r:retriable")).When(moves).Saga;

    private static VerbRuling Judge(StartedSaga saga, SagaVerb verb) => VerbRules.Judge(saga, verb, saga.LastAt);
}
