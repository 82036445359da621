using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// A sidecar's history is folded the same way however it comes, and a turn that was lost repeats itself.
/// </summary>
public sealed class FoldProperties
{
    private static readonly SagaDefinition[] Definitions =
    [
        TestDefinitions.Of("a"),
        TestDefinitions.Of("a", "b", "c"),
        TestDefinitions.Of("a", "p:pivot"),
        TestDefinitions.Of("a", "b", "p:pivot", "r:retriable"),
        TestDefinitions.Of("u:unarmed", "a", "r:retriable"),
        TestDefinitions.Of("p:pivot", "r:retriable"),
    ];

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(120);

    [Fact]
    public void A_turn_that_comes_again_repeats_its_actions_and_every_saga_ends_once()
    {
        var lost = 0;
        var verbs = new HashSet<string>();
        var outcomes = new HashSet<SagaOutcome>();
        Check.One(Runs, Prop.ForAll(Arb.From(World()), run =>
        {
            var world = new FoldWorld(Definitions[run.Definition]);
            foreach (var choice in run.Choices) world.Move(choice);
            world.Heal();
            var ended = world.Saga.Should().BeOfType<Ended>().Subject;
            verbs.UnionWith(world.Sidecar.Past.Where(e => e.EventRaised is not null).Select(e => e.EventRaised.Name));
            outcomes.Add(ended.End.Outcome);
            lost += world.Lost;
        }));
        lost.Should().BeGreaterThan(1000, "else the property says nothing");
        outcomes.Should().HaveCount(2);
        verbs.Should().Contain(["extend", "resend", "resolve"]);
    }

    [Fact]
    public void A_lost_pivot_goes_out_again_with_a_cancel_behind_it_and_the_cancel_is_refused()
    {
        var world = new FoldWorld(TestDefinitions.Of("a", "p:pivot")) { MayRefuse = false };
        world.Take(save: true);
        world.Sidecar.Answer(world.Sidecar.Calls.Single().Id, Done);
        world.Take(save: true);
        world.Sidecar.Answer(world.Sidecar.Calls.Single().Id, Done);

        var first = world.Take(save: false)!;
        world.Sidecar.Answer(world.Sidecar.Calls.Single().Id, Done);
        world.Sidecar.RaiseEvent("cancel");
        var again = world.Take(save: true)!;

        var pivot = first.Actions.Should().ContainSingle(action => action.ScheduleTask.Name == "p/do").Subject;
        again.Actions.Should().Contain(pivot, "the answer of a call the history does not know is passed over");
        world.Saga.Should().BeOfType<Pivoting>();
        world.Heal();
        world.Saga.Should().BeOfType<Ended>().Which.End.Outcome.Should().Be(SagaOutcome.Completed);
    }

    [Fact]
    public void A_saga_that_tries_for_ever_goes_on_with_a_compacted_history_and_the_same_count_of_attempts()
    {
        var definition = TestDefinitions.Of("a", "b");
        var world = new FoldWorld(definition) { MayRefuse = false };
        world.Take(save: true);
        world.Sidecar.RaiseEvent("cancel");
        var attempts = 0;
        var most = 0;
        while (world.Compactions < 2)
        {
            most = Math.Max(most, world.Take(save: true)?.CalculateSize() ?? 0);
            foreach (var (id, payload) in world.Sidecar.Calls.ToList())
            {
                if (payload.Call.Command == CommandKind.Undo)
                {
                    payload.Call.Attempt.Should().BeOneOf([attempts, attempts + 1], "no attempt is forgotten");
                    attempts = payload.Call.Attempt;
                }

                world.Sidecar.Answer(id, new Answer { Status = 503, Text = new string('x', 1900) });
            }

            if (!world.Sidecar.HasNews)
                foreach (var (id, timer) in world.Sidecar.Timers.ToList())
                    if (timer.Name != TimerNames.Deadline)
                        world.Sidecar.Fire(id);
            attempts.Should().BeLessThan(20_000);
        }

        world.Sidecar.Turn().CalculateSize().Should().BeLessThan(64 * 1024);
        attempts.Should().BeGreaterThan(200);
        world.Heal();
        world.Saga.Should().BeOfType<Ended>().Which.End.Outcome.Should().Be(SagaOutcome.Compensated);
    }

    [Fact]
    public void An_instance_under_another_id_than_its_sagas_is_ended_and_says_so()
    {
        var definition = TestDefinitions.Of("a");
        var sidecar = new MiniSidecar(
            definition, InstanceInput.Of(FoldWorld.StartOf(definition)), Story.Start, instanceId: "another-id");

        var turn = FoldWorld.Taker(FoldWorld.CatalogOf(definition)).Take(sidecar.Turn());

        turn.Fold.Should().BeNull();
        turn.Response!.Actions.Should().ContainSingle().Which.Complete.Status.Should().Be(RunStatus.Failed);
        turn.Response!.CustomStatus.Should().Contain("saga1").And.Contain("copy");
    }

    [Theory]
    [InlineData("saga1", 1)]
    [InlineData("saga1-2", 2)]
    [InlineData("saga1-17", 17)]
    [InlineData("saga1-1", null)]
    [InlineData("saga1-02", null)]
    [InlineData("saga1-x", null)]
    [InlineData("saga1-", null)]
    [InlineData("saga12", null)]
    [InlineData("other", null)]
    public void An_instance_id_tells_the_saga_and_the_number(string instanceId, int? number) =>
        InstanceIds.NumberOf(instanceId, "saga1").Should().Be(number);

    [Fact]
    public void An_instance_that_takes_over_sends_what_was_open_and_a_broken_answer_for_what_nobody_may_send_again()
    {
        var definition = TestDefinitions.Of("u:unarmed", "a");
        var world = new FoldWorld(definition) { MayRefuse = false };
        world.Take(save: true);
        world.Sidecar.Raise(e => e.ExecutionTerminated = new ExecutionTerminated { Recurse = true });
        var request = world.Sidecar.Turn();
        var last = FoldWorld.Taker(world.Catalog).Take(request);
        last.Response!.Actions.Should().BeEmpty("what a terminated instance asks for is not carried out");
        last.Response!.CustomStatus.Should().Contain("saga1-2");

        var next = new MiniSidecar(definition, TurnTaker.Compacted(last.Fold!), world.Sidecar.Now, "saga1-2");
        var turn = FoldWorld.Taker(world.Catalog).Take(next.Turn());

        turn.Fold!.Saga.Should().BeOfType<Compensating>().Which.Reason.Code.Should().Be(ReasonCodes.Terminated);
        turn.Response!.Actions.Select(action => action.ScheduleTask?.Name ?? action.CreateTimer.Name)
            .Should().Equal("u/undo");
    }

    private static Answer Done => new() { Status = 200, Output = JsonData.FromText("{}") };

    private static Gen<(int Definition, int[] Choices)> World() =>
        from definition in Gen.Choose(0, Definitions.Length - 1)
        from choices in Gen.Choose(0, 9999).ArrayOf()
        select (definition, choices);
}
