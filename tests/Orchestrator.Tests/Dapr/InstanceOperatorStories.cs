using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Wire;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>Operators who act on instances behind the API's back.</summary>
public sealed class InstanceOperatorStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private static readonly SagaDefinition Whole = TestDefinitions.Of("a", "b", "p:pivot", "r:retriable");

    [Fact]
    public async Task A_terminated_saga_is_compensated_by_the_instance_that_takes_over()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Caller.Answers = call => call is { Step: "b", Command: CommandKind.Do }
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(Whole))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 2);

        await Terminate(rig, id);
        var ended = await rig.EndAsync(id);

        ended.End.Outcome.Should().Be(SagaOutcome.Compensated);
        ended.Reason!.Code.Should().Be(ReasonCodes.Terminated);
        Get(rig, id).Status.Should().Be(RunStatus.Terminated);
        Get(rig, id).CustomStatus.Should().Contain($"\"continuedBy\":\"{id}-2\"");
        await rig.UntilAsync(() => Get(rig, id + "-2").Status == RunStatus.Completed);
        rig.Caller.All.Where(call => call.Command == CommandKind.Undo).Select(call => call.Step).Should().Equal("b", "a");
    }

    [Fact]
    public async Task A_saga_terminated_past_the_point_of_no_return_goes_forward()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call.Step == "r" ? held.Task : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(Whole))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Any(call => call.Step == "r"));

        await Terminate(rig, id);
        await rig.UntilAsync(() => rig.Caller.All.Count(call => call.Step == "r") == 2);
        held.SetResult(ScriptedCaller.Yes);

        (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Count(call => call.Step == "p").Should().Be(1, "the pivot was answered before");
    }

    [Fact]
    public async Task A_saga_terminated_again_and_again_is_still_compensated()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call =>
            call.Command == CommandKind.Undo ? held.Task : new TaskCompletionSource<Answer>().Task;
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 1);

        foreach (var instance in new[] { id, id + "-2", id + "-3" })
        {
            var before = rig.Caller.All.Count(call => call.Command == CommandKind.Undo);
            await Terminate(rig, instance);
            await rig.UntilAsync(() => rig.Caller.All.Count(call => call.Command == CommandKind.Undo) > before);
        }

        held.SetResult(ScriptedCaller.Yes);
        (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Compensated);
        (await rig.Queries.HistoryAsync(id, CancellationToken.None))!.OfType<CallAnswered>()
            .Count(answered => answered.Command == CommandKind.Undo).Should().Be(1);
    }

    [Fact]
    public async Task A_paused_saga_is_undone_at_its_deadline_and_a_resumed_one_goes_on()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call is { Step: "a", Command: CommandKind.Do }
            ? held.Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));
        var resumed = (await rig.BeginAsync(definition)).Start.SagaId;
        var paused = (await rig.BeginAsync(definition)).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 2);

        foreach (var id in new[] { resumed, paused })
            await rig.Sidecar!.Management.SuspendAsync(
                new PauseRequest { InstanceId = id, Reason = "look" }, CancellationToken.None);
        await UntilAsync(rig, paused, saga => saga.Suspended);
        held.SetResult(ScriptedCaller.Yes);
        await UntilAsync(rig, paused, saga => saga.Steps[0].IsDone);
        rig.Caller.All.Should().NotContain(call => call.Step == "b", "a paused saga does nothing new");
        await rig.Sidecar!.Management.ResumeAsync(new PauseRequest { InstanceId = resumed }, CancellationToken.None);

        (await rig.EndAsync(resumed)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Time.Advance(definition.Deadline);
        var ended = await rig.EndAsync(paused);
        ended.Reason!.Code.Should().Be(ReasonCodes.Deadline);
        rig.Caller.All.Where(call => call.SagaId == paused).Select(call => CallNames.Of(call.Step, call.Command))
            .Should().Equal("a/do", "a/undo");
    }

    [Fact]
    public async Task An_instance_purged_behind_our_back_is_taken_over_from_our_store()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var silent = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call is { Step: "b", Command: CommandKind.Do } && !silent.Task.IsCompleted
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 2);

        await rig.Sidecar!.Management.PurgeAsync(
            new PurgeRequest { InstanceId = id, Force = true }, CancellationToken.None);
        silent.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Health.Figures.Live == 0, Step);

        (await rig.EndAsync(id)).Should().NotBeNull();
        await rig.UntilAsync(() => Get(rig, id + "-2").Status == RunStatus.Completed);
    }

    [Fact]
    public async Task An_instance_started_anew_by_hand_does_not_make_the_saga_forget_what_has_happened()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call.Step == "b" ? held.Task : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 2);
        var original = Get(rig, id);
        await rig.Sidecar!.Management.PurgeAsync(
            new PurgeRequest { InstanceId = id, Force = true }, CancellationToken.None);

        await rig.Sidecar.Management.StartAsync(
            new Orchestrator.Dapr.Wire.StartRequest { InstanceId = id, Name = original.Name, Input = original.Input },
            CancellationToken.None);
        await rig.UntilAsync(() => Get(rig, id).Status == RunStatus.Failed);
        held.SetResult(ScriptedCaller.Yes);

        (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Count(call => call is { Step: "a", Command: CommandKind.Do }).Should().Be(1);
        await rig.UntilAsync(() => Get(rig, id + "-2").Status == RunStatus.Completed);
    }

    [Fact]
    public async Task A_copy_of_a_saga_under_another_id_ends_at_once_and_calls_nobody()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;
        await rig.EndAsync(id);
        var calls = rig.Caller.All.Count;
        var original = Get(rig, id);

        await rig.Sidecar!.Management.StartAsync(
            new Orchestrator.Dapr.Wire.StartRequest { InstanceId = "copy", Name = original.Name, Input = original.Input },
            CancellationToken.None);
        await rig.UntilAsync(() => Get(rig, "copy").Status == RunStatus.Failed);

        Get(rig, "copy").CustomStatus.Should().Contain(id);
        rig.Caller.All.Should().HaveCount(calls);
    }

    [Fact]
    public async Task A_finished_saga_whose_instance_is_started_once_more_does_nothing()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;
        await rig.EndAsync(id);
        await rig.UntilAsync(() => Get(rig, id).Status == RunStatus.Completed);
        var calls = rig.Caller.All.Count;
        var original = Get(rig, id);

        await rig.Sidecar!.Management.StartAsync(
            new Orchestrator.Dapr.Wire.StartRequest { InstanceId = id, Name = original.Name, Input = original.Input },
            CancellationToken.None);
        await rig.UntilAsync(() => Get(rig, id).Status == RunStatus.Completed);

        rig.Caller.All.Should().HaveCount(calls);
    }

    [Fact]
    public async Task An_operator_cancels_by_an_event_without_knowing_our_payload()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Caller.Answers = call => call.Command == CommandKind.Do
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;

        await rig.Sidecar!.Management.RaiseAsync(
            new RaiseRequest { InstanceId = id, Name = "Cancel", Input = "\"the customer called\"" },
            CancellationToken.None);

        var ended = await rig.EndAsync(id);
        ended.Reason!.Actor.Should().Be("dapr");
        ended.Reason.Text.Should().Contain("the customer called");
    }

    private static Task Terminate(EngineRig rig, string instanceId) =>
        rig.Sidecar!.Management.TerminateAsync(
            new TerminateRequest { InstanceId = instanceId, Recursive = true }, CancellationToken.None).Soon();

    private static InstanceState Get(EngineRig rig, string instanceId)
    {
        var request = new InstanceRequest { InstanceId = instanceId, WithPayloads = true };
        return rig.Sidecar!.Management.Get(request).State ?? new InstanceState { Status = RunStatus.Pending };
    }

    private static Task UntilAsync(EngineRig rig, string sagaId, Func<StartedSaga, bool> isSo) => rig.UntilAsync(
        () => isSo(rig.Engine.FindAsync(sagaId, CancellationToken.None).Result!));
}
