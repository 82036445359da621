using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.StandIn;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>A sidecar that loses, repeats, garbles and forgets.</summary>
public sealed class EngineFaultStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private static readonly SagaDefinition Whole = TestDefinitions.Of("a", "b", "p:pivot", "r:retriable");

    [Theory]
    [InlineData(FaultKind.SaveFails)]
    [InlineData(FaultKind.CutMidFrame)]
    [InlineData(FaultKind.Garbage)]
    [InlineData(FaultKind.Stranger)]
    [InlineData(FaultKind.RepeatActivity)]
    [InlineData(FaultKind.OldSidecar)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.LoseReply)]
    internal async Task A_fault_at_any_call_loses_nothing_and_decides_nothing_twice(FaultKind fault)
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var definition = await rig.PutAsync(Whole);
        for (var at = 1; at <= 6; at++)
        {
            var calls = 0;
            rig.Caller.Answers = _ =>
            {
                if (Interlocked.Increment(ref calls) == at) rig.Sidecar!.Faults.Next(fault);
                return Task.FromResult(ScriptedCaller.Yes);
            };
            var id = (await rig.BeginAsync(definition)).Start.SagaId;

            await rig.UntilAsync(() => rig.Health.Figures.Completed == at, Step);

            var history = await rig.Queries.HistoryAsync(id, CancellationToken.None);
            history!.OfType<CallSent>().Select(call => (call.Step, call.Command, call.Attempt))
                .Should().OnlyHaveUniqueItems();
            history!.OfType<CallSent>().Should().OnlyContain(call => call.Attempt == 1).And.HaveCount(6);
            history!.OfType<SagaEnded>().Should().ContainSingle();
            rig.Sidecar!.Faults.Next(fault, 0);
        }
    }

    [Fact]
    public async Task A_stream_that_was_broken_for_long_is_open_seconds_after_it_could_be_and_nobody_was_taken_over()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var open = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Caller.Answers = _ => open.Task;
        var ids = new List<string>();
        var definition = await rig.PutAsync(Whole);
        for (var n = 0; n < 5; n++) ids.Add((await rig.BeginAsync(definition)).Start.SagaId);
        await rig.UntilAsync(() => rig.Caller.All.Count == ids.Count);
        rig.Sidecar!.Faults.Next(FaultKind.Garbage, int.MaxValue);
        open.SetResult(ScriptedCaller.Yes);
        var since = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Time.GetUtcNow() - since > TimeSpan.FromMinutes(1), Step);
        rig.Health.NotReady.Should().Contain("gives no work");

        rig.Sidecar.Faults.Next(FaultKind.Garbage, 0);
        since = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);

        (rig.Time.GetUtcNow() - since).Should().BeLessThan(TimeSpan.FromSeconds(4));
        await rig.UntilAsync(() => rig.Health.Figures.Completed + rig.Health.Figures.Compensated == ids.Count, Step);
        foreach (var id in ids)
            rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id + "-2" }).Exists.Should().BeFalse();
    }

    [Fact]
    public async Task A_saga_that_ends_while_the_sweep_looks_at_its_instance_is_not_taken_over()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var answer = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Caller.Answers = call =>
            call.Command == CommandKind.Do ? answer.Task : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var id = (await rig.BeginAsync(definition)).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 1);
        var looks = 0;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Sidecar!.Faults.BeforeLook = () =>
        {
            Interlocked.Increment(ref looks);
            return ended.Task;
        };
        rig.Sidecar.Faults.Next(FaultKind.LoseTimer);

        rig.Time.Advance(definition.Deadline);
        await rig.UntilAsync(() => Volatile.Read(ref looks) == 1, Step);
        answer.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id }).State.Status
            == RunStatus.Completed);
        ended.SetResult();
        var since = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Time.GetUtcNow() - since > TimeSpan.FromMinutes(1), Step);

        // A second look for the instance behind the first: the sweep has gone on from the one that was held up.
        Volatile.Read(ref looks).Should().Be(2);
        rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id + "-2" }).Exists.Should().BeFalse();
    }

    [Fact]
    public async Task A_call_given_again_while_its_answer_is_on_its_way_is_carried_out_again()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Sidecar!.Faults.Next(FaultKind.LoseAnswer);

        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;

        // The first answer was lost, and the sidecar keeps its sender waiting: nothing but the second call has one.
        await rig.UntilAsync(() => rig.Caller.All.Count(call => call.Command == CommandKind.Do) == 2);
        (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Should().OnlyContain(call => call.Attempt == 1);
        rig.Sidecar.Desk.Release();
    }

    [Fact]
    public async Task A_turn_whose_past_comes_in_pieces_is_not_taken_for_a_saga_without_a_beginning()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = _ => held.Task;
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 1);

        rig.Sidecar!.Faults.Next(FaultKind.StreamHistory);
        held.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => Said(rig, $"Error: Instance {id} waits: the sidecar sends its history in pieces"));
        rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id }).State.Status.Should().Be(RunStatus.Running);
        await rig.Sidecar.RestartAsync();

        await rig.UntilAsync(() => rig.Sidecar.Streams > 0, Step);
        rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id }).Exists
            .Should().BeFalse("this stand-in keeps nothing over a restart");
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);
    }

    [Fact]
    public async Task An_instance_that_Dapr_has_stalled_is_told_with_what_to_do()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Sidecar!.Faults.Next(FaultKind.Stall);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;

        await rig.UntilAsync(() => Said(rig, $"Error: Saga {id} does not move: Dapr has stalled"), Step);

        rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id }).State.Status.Should().Be(RunStatus.Stalled);
        rig.Caller.All.Should().BeEmpty();
        rig.Health.Figures.OldestDueAge.Should().BePositive();
    }

    [Fact]
    public async Task A_saga_that_has_to_keep_more_than_makes_it_compact_goes_on()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var output = JsonData.FromText($"{{\"text\":\"{new string('x', 900_000)}\"}}");
        rig.Caller.Answers = call => Task.FromResult(ScriptedCaller.Yes with
        {
            Output = call.Command == CommandKind.Do ? output : JsonData.FromText("{}"),
        });

        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b", "c")))).Start.SagaId;

        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);
        rig.Caller.All.Should().HaveCount(6).And.OnlyContain(call => call.Attempt == 1 && call.SagaId == id);
    }

    [Fact]
    public async Task A_start_that_the_sidecar_did_not_take_is_made_up_for()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var definition = await rig.PutAsync(Whole);
        rig.Sidecar!.Faults.Next(FaultKind.Unavailable);

        var id = (await rig.BeginAsync(definition)).Start.SagaId;
        rig.Sidecar.Management.Get(new InstanceRequest { InstanceId = id }).Exists.Should().BeFalse();

        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);
        rig.Caller.All.Should().OnlyContain(call => call.SagaId == id && call.Attempt == 1);
    }

    [Fact]
    public async Task A_timer_the_scheduler_forgets_is_rung_by_the_sweep_and_its_age_is_shown()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Caller.Answers = call => call.Command == CommandKind.Do
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var id = (await rig.BeginAsync(definition)).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 1);
        rig.Sidecar!.Faults.Next(FaultKind.LoseTimer);

        rig.Time.Advance(definition.Deadline);
        await rig.UntilAsync(() => rig.Health.Figures.OldestDueAge > TimeSpan.Zero, Step);
        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, Step);

        (await rig.EndAsync(id)).Reason!.Code.Should().Be(ReasonCodes.Deadline);
    }

    [Fact]
    public async Task Sagas_go_on_and_are_listed_again_after_our_own_store_was_lost()
    {
        var first = await EngineRig.StartAsync(EngineKind.Dapr);
        first.Caller.Answers = call => call.Step == "b"
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = TestDefinitions.Of("a", "b");
        var id = (await first.BeginAsync(await first.PutAsync(definition))).Start.SagaId;
        await first.UntilAsync(() => first.Caller.All.Count == 2);
        await first.CrashAsync();
        foreach (var file in Directory.GetFiles(first.Folder)) File.Delete(file);

        await using (var second = await EngineRig.StartAsync(EngineKind.Dapr, of: first, caller: new ScriptedCaller()))
        {
            await second.UntilAsync(() => second.Caller.All.Count == 1);
            await second.PutAsync(definition);
            await second.UntilAsync(() => second.Health.Figures.Completed == 1, Step);

            var listed = (await second.Queries.ListAsync(new SagaFilter(), CancellationToken.None)).Items;
            listed.Should().ContainSingle().Which.Id.Should().Be(id);
            var history = await second.Queries.HistoryAsync(id, CancellationToken.None);
            history.Should().HaveCount((await second.EndAsync(id)).Version);
            history![0].Should().BeOfType<SagaStarted>();
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task Large_data_stays_out_of_the_sidecar_and_reaches_the_participant_whole()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var input = $"{{\"text\":\"{new string('x', 200_000)}\"}}";

        var outcome = await rig.Engine.StartAsync(rig.Request(definition, input: input), CancellationToken.None).Soon();
        var id = outcome.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start.SagaId;
        await rig.EndAsync(id);

        rig.Caller.All.Should().OnlyContain(call => call.Data.ToString() == input).And.HaveCount(2);
        rig.Sidecar!.Management.History(new HistoryRequest { InstanceId = id }).CalculateSize()
            .Should().BeLessThan(250_000);
    }

    private static bool Said(EngineRig rig, string beginning)
    {
        lock (rig.Logs) return rig.Logs.Any(line => line.StartsWith(beginning, StringComparison.Ordinal));
    }
}
