using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;
using Orchestrator.StandIn;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// Instances that take over: when their start fails, when nobody listened, and how they all go in the end.
/// </summary>
public sealed class TakeOverStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly SagaDefinition Whole = TestDefinitions.Of("a", "b", "p:pivot", "r:retriable");

    [Fact]
    public async Task A_take_over_that_is_refused_is_tried_again_long_before_the_sweep()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = await AtStepBAsync(rig);
        rig.Sidecar!.Faults.Next(FaultKind.RefuseStart, 3);
        var since = rig.Time.GetUtcNow();

        await TerminateAsync(rig, id);
        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, Step);

        (rig.Time.GetUtcNow() - since).Should().BeLessThan(DaprLimits.PokeAfter);
        (await rig.EndAsync(id)).Reason!.Code.Should().Be(ReasonCodes.Terminated);
        await rig.UntilAsync(() => StatusOf(rig, id + "-2") == RunStatus.Completed);
    }

    [Fact]
    public async Task A_take_over_that_came_through_without_a_reply_is_not_started_again()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = await AtStepBAsync(rig);
        rig.Sidecar!.Faults.Next(FaultKind.LoseReply);

        await TerminateAsync(rig, id);
        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, Step);

        await rig.UntilAsync(() => StatusOf(rig, id + "-2") == RunStatus.Completed, Step);
        await rig.UntilAsync(() => StatusOf(rig, id) == RunStatus.Terminated, Step);
        rig.Caller.All.Count(call => call.Command == CommandKind.Undo).Should().Be(2);
    }

    [Fact]
    public async Task A_take_over_that_is_refused_for_long_is_left_to_the_sweep()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = await AtStepBAsync(rig);
        rig.Sidecar!.Faults.Next(FaultKind.RefuseStart, DaprLimits.MaxTakeOverTries);

        await TerminateAsync(rig, id);
        await rig.UntilAsync(() => StatusOf(rig, id) == RunStatus.Terminated, Step);
        rig.Caller.All.Should().NotContain(call => call.Command == CommandKind.Undo);

        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, Step);
        (await rig.EndAsync(id)).Reason!.Code.Should().Be(ReasonCodes.Terminated);
    }

    [Fact]
    public async Task Terminated_while_nobody_listened_a_saga_is_undone_soon_after_the_start()
    {
        var first = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = await AtStepBAsync(first);
        await first.CrashAsync();
        await EndBehindOurBackAsync(first.Sidecar!, id);
        first.Time.Advance(TimeSpan.FromSeconds(1));

        await using (var second = await EngineRig.StartAsync(EngineKind.Dapr, of: first))
        {
            var since = second.Time.GetUtcNow();
            await second.UntilAsync(() => second.Health.Figures.Compensated == 1, Step);

            (second.Time.GetUtcNow() - since).Should()
                .BeLessThan(DaprLimits.PokeAgain, "its call was sent by a process that is gone, so none is waited for");
            (await second.EndAsync(id)).Reason!.Code.Should().Be(ReasonCodes.Terminated);
            (await second.Queries.HistoryAsync(id, CancellationToken.None))!.OfType<TerminateRequested>()
                .Should().ContainSingle();
            second.Caller.All.Where(call => call.Command == CommandKind.Undo).Select(call => call.Step)
                .Should().Equal("b", "a");
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task Terminated_past_the_point_of_no_return_while_nobody_listened_a_saga_goes_forward()
    {
        var first = await EngineRig.StartAsync(EngineKind.Dapr);
        first.Caller.Answers = call => call.Step == "r" ? Silence() : Task.FromResult(ScriptedCaller.Yes);
        var id = (await first.BeginAsync(await first.PutAsync(Whole))).Start.SagaId;
        await first.UntilAsync(() => first.Caller.All.Any(call => call.Step == "r"));
        await first.CrashAsync();
        await EndBehindOurBackAsync(first.Sidecar!, id);
        first.Time.Advance(TimeSpan.FromSeconds(1));

        await using (var second = await EngineRig.StartAsync(EngineKind.Dapr, of: first, caller: new ScriptedCaller()))
        {
            var since = second.Time.GetUtcNow();
            await second.UntilAsync(() => second.Health.Figures.Completed == 1, Step);

            (second.Time.GetUtcNow() - since).Should().BeLessThan(DaprLimits.PokeAgain);
            second.Caller.All.Should().OnlyContain(call => call.Step == "r", "the rest was answered before");
            await second.UntilAsync(() => StatusOf(second, id + "-2") == RunStatus.Completed);
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task All_instances_of_a_deleted_saga_are_purged_also_those_behind_one_that_is_gone()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var id = await AtStepBAsync(rig);
        var undone = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = _ => undone.Task;
        await TerminateAsync(rig, id);
        await rig.UntilAsync(() => rig.Caller.All.Count(call => call.Command == CommandKind.Undo) == 1, Step);
        await TerminateAsync(rig, id + "-2");
        await rig.UntilAsync(() => StatusOf(rig, id + "-3") == RunStatus.Running, Step);
        undone.SetResult(ScriptedCaller.Yes);
        await rig.EndAsync(id);
        await rig.UntilAsync(() => StatusOf(rig, id + "-3") == RunStatus.Completed);

        await rig.Sidecar!.Management.PurgeAsync(new PurgeRequest { InstanceId = id }, CancellationToken.None);
        (await rig.Engine.DeleteAsync(id, "ann", CancellationToken.None)).Should().Be(DeleteOutcome.Deleted);

        await rig.UntilAsync(() => StatusOf(rig, id + "-2") is null && StatusOf(rig, id + "-3") is null);
    }

    /// <summary>A saga whose first step is done and whose second one hears nothing.</summary>
    private static async Task<string> AtStepBAsync(EngineRig rig)
    {
        rig.Caller.Answers = call => call is { Step: "b", Command: CommandKind.Do }
            ? Silence()
            : Task.FromResult(ScriptedCaller.Yes);
        var id = (await rig.BeginAsync(await rig.PutAsync(Whole))).Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Count == 2);
        return id;
    }

    private static Task<Answer> Silence() => new TaskCompletionSource<Answer>().Task;

    /// <summary>Somebody else takes the last turn of the instance and has nothing to say to it.</summary>
    private static async Task EndBehindOurBackAsync(StandInSidecar sidecar, string instanceId)
    {
        while (sidecar.Streams > 0) await Task.Yield();
        var stream = sidecar.Desk.Open();
        await sidecar.Management.TerminateAsync(
            new TerminateRequest { InstanceId = instanceId }, CancellationToken.None).Soon();
        var instance = new InstanceRequest { InstanceId = instanceId };
        while (sidecar.Management.Get(instance).State.Status != RunStatus.Terminated)
        {
            var item = await sidecar.Desk.TakeAsync(stream, CancellationToken.None).Soon();
            if (item.Workflow is { } turn)
                sidecar.Desk.CompleteTurn(new WorkflowResponse { InstanceId = turn.InstanceId });
        }

        sidecar.Desk.Close(stream);
    }

    private static Task TerminateAsync(EngineRig rig, string instanceId) =>
        rig.Sidecar!.Management.TerminateAsync(
            new TerminateRequest { InstanceId = instanceId, Recursive = true }, CancellationToken.None).Soon();

    private static RunStatus? StatusOf(EngineRig rig, string instanceId) =>
        rig.Sidecar!.Management.Get(new InstanceRequest { InstanceId = instanceId }).State?.Status;
}
