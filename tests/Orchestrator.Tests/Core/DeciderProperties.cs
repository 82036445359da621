using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

public sealed class DeciderProperties
{
    private static readonly SagaDefinition[] Definitions =
    [
        TestDefinitions.Of("a"),
        TestDefinitions.Of("a", "b", "c"),
        TestDefinitions.Of("a", "p:pivot"),
        TestDefinitions.Of("a", "b", "p:pivot", "r:retriable"),
        TestDefinitions.Of("u:unarmed", "a", "r:retriable"),
        TestDefinitions.Of("a", "u:unarmed", "p:pivot", "r:retriable", "s:retriable"),
        TestDefinitions.Of("p:pivot", "r:retriable"),
    ];

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(120);

    [Fact]
    public void Any_interleaving_of_answers_timeouts_duplicates_and_verbs_ends_in_exactly_one_outcome() =>
        Check.One(Runs, Prop.ForAll(Arb.From(World()), run =>
        {
            var world = Play(run);
            world.Heal();
            CheckOutcome(world);
            var outcome = world.Saga.Phase();
            world.Echo();
            world.Saga.Phase().Should().Be(outcome, "nothing changes an ended saga");
            CheckOutcome(world);
            world.History.OfType<SagaEnded>().Should().ContainSingle();
        }));

    [Fact]
    public void Deciding_again_from_any_prefix_repeats_the_same_decisions_with_the_same_ids() =>
        Check.One(Runs, Prop.ForAll(Arb.From(World()), run =>
        {
            var world = Play(run);
            SagaState state = SagaDecider.Before(world.Saga.Definition);
            for (var i = 0; i < world.History.Count;)
            {
                var cause = world.History[i++];
                state = SagaDecider.Evolve(state, cause);
                foreach (var decided in SagaDecider.Decide(state, cause.At))
                {
                    decided.Should().Be(world.History[i++], "a turn decided again repeats what it decided");
                    state = SagaDecider.Evolve(state, decided);
                }

                SagaDecider.Decide(state, cause.At).Should().BeEmpty("what is decided is recorded");
            }
        }));

    [Fact]
    public void A_compacted_history_folds_to_the_same_state_and_goes_on_the_same_way() =>
        Check.One(Runs, Prop.ForAll(Arb.From(World()), run =>
        {
            var world = Play(run);
            var definition = world.Saga.Definition;
            var whole = world.History.Select((e, seq) => (seq, e)).ToList();

            var once = HistoryCompaction.Compact(definition, whole);
            var twice = HistoryCompaction.Compact(definition, once);

            foreach (var compacted in new[] { once, twice })
            {
                var state = compacted.Aggregate(
                    SagaDecider.Before(definition), (s, each) => SagaDecider.Evolve(s, each.Event));
                (state with { Version = world.Saga.Version }).Should().BeEquivalentTo(
                    (SagaState)world.Saga, options => options.RespectingRuntimeTypes().Excluding(s => s.Definition));
                SagaDecider.Decide(state, world.Saga.LastAt).Should().BeEmpty();
                compacted.Select(each => each.Seq).Should().BeInAscendingOrder();
            }
        }));

    [Fact]
    public void A_compacted_history_holds_no_more_than_a_few_events_per_call()
    {
        var definition = TestDefinitions.Of("a", "b");
        var world = new RandomWorld(definition);
        for (var i = 0; i < 4000; i++) world.Move(i % 2 == 0 ? 6 : 7);

        var compacted = HistoryCompaction.Compact(definition, [.. world.History.Select((e, seq) => (seq, e))]);

        world.History.Should().HaveCountGreaterThan(1000);
        compacted.Should().HaveCountLessThan(40);
    }

    [Fact]
    public void While_suspended_nothing_but_undos_is_sent_and_no_undo_is_ever_held_back() =>
        Check.One(Runs, Prop.ForAll(Arb.From(World()), run =>
        {
            var world = Play(run);
            SagaState state = SagaDecider.Before(world.Saga.Definition);
            foreach (var e in world.History)
            {
                if (state is StartedSaga { Suspended: true } && e is CallSent sent)
                    sent.Command.Should().BeOneOf(CommandKind.Undo, CommandKind.Extend);
                state = SagaDecider.Evolve(state, e);
                if (state is not Compensating back) continue;
                back.Suspended.Should().BeFalse("a suspension ends where the saga turns back");
                SagaDecider.Decide(back with { Suspended = true }, e.At)
                    .Where(decided => decided is CallSent { Command: CommandKind.Undo })
                    .Should().Equal(SagaDecider.Decide(back, e.At)
                        .Where(decided => decided is CallSent { Command: CommandKind.Undo }));
            }
        }));

    [Fact]
    public void Runs_reach_every_phase_and_both_outcomes()
    {
        var seen = new HashSet<SagaPhase>();
        var seenSuspended = new HashSet<SagaPhase>();
        foreach (var run in Gen.Sample(World(), 400, 60))
        {
            var world = Play(run, saga =>
            {
                seen.Add(saga.Phase());
                if (saga.Suspended) seenSuspended.Add(saga.Phase());
            });
            world.Heal();
            seen.Add(world.Saga.Phase());
        }

        seen.Should().BeEquivalentTo(Enum.GetValues<SagaPhase>(), "properties over runs that go nowhere prove nothing");
        seenSuspended.Should()
            .BeEquivalentTo([SagaPhase.Doing, SagaPhase.Confirming, SagaPhase.Pivot, SagaPhase.Finishing]);
    }

    private static Gen<(int Definition, int[] Choices)> World() =>
        from definition in Gen.Choose(0, Definitions.Length - 1)
        from choices in Gen.ArrayOf(Gen.Choose(0, 9999))
        select (definition, choices);

    private static RandomWorld Play((int Definition, int[] Choices) run, Action<StartedSaga>? visit = null)
    {
        var world = new RandomWorld(Definitions[run.Definition]);
        foreach (var choice in run.Choices)
        {
            visit?.Invoke(world.Saga);
            world.Move(choice);
        }

        return world;
    }

    private static void CheckOutcome(RandomWorld world)
    {
        foreach (var (key, ledger) in world.Ledgers)
        {
            (ledger.UndoneByOwnClock && ledger.WasConfirmed).Should().BeFalse("no participant is both confirmed and undone by its clock");
            if (ledger.Kind != StepKind.Unarmed) ledger.Done.Should().BeLessThanOrEqualTo(1, "nothing is done twice");
            var isNewest = world.Saga.Steps.Any(step => step.Key == key);
            if (world.Saga.Phase() == SagaPhase.Completed && isNewest && !IsResolved(world, key))
                ledger.State.Should().Be(ModelState.Confirmed, $"{key} of a completed saga keeps its work");
            else if (ledger.Kind == StepKind.Compensatable)
                ledger.State.Should().BeOneOf(
                    [ModelState.None, ModelState.Undone, ModelState.Refused, ModelState.Barred], $"{key} of a compensated saga keeps nothing");
            else if (ledger.Kind is StepKind.Pivot or StepKind.Retriable)
                ledger.State.Should().BeOneOf([ModelState.None, ModelState.Refused, ModelState.Barred], $"{key} never ran");
        }
    }

    /// <summary>A person's word stands for the step: nothing was done there, and nothing will be.</summary>
    private static bool IsResolved(RandomWorld world, string key) =>
        world.Saga.Steps.Single(step => step.Key == key).Warning?.StartsWith("resolved as done", StringComparison.Ordinal) == true
        && world.Ledgers[key].State is ModelState.None or ModelState.Barred;
}
