using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>A sidecar that was allowed larger messages sends work of a size that nobody expects.</summary>
public sealed class LargeItemStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Work_that_is_larger_than_a_sidecar_sends_by_itself_is_done()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        rig.Sidecar!.Faults.Bloat = _ => 5 * 1024 * 1024;
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")));

        // As much time passes as sending so much takes: whoever waits for a message would give it up and have it sent
        // again.
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, TimeSpan.FromMilliseconds(1));

        (await rig.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Logs.Should().NotContain(line => line.Contains("The stream of work is broken"));
    }

    [Fact]
    public async Task An_instance_whose_work_is_too_large_keeps_no_other_from_going_on_and_another_takes_over()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));
        var answer = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = _ => answer.Task;
        var poisoned = (await rig.BeginAsync(definition)).Start.SagaId;
        var first = await rig.Caller.NextAsync();
        rig.Sidecar!.Faults.Bloat = id => id == poisoned ? DaprLimits.DefaultMaxReceivedBytes : 0;
        answer.SetResult(ScriptedCaller.Yes);

        for (var i = 0; i < 10; i++) await rig.BeginAsync(definition);
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 11, Step);

        Said(rig, $"Work for instance {poisoned} was left out").Should().BeTrue();
        Said(rig, $"Saga {poisoned} goes on in instance {poisoned}-2").Should().BeTrue();
        Said(rig, "The stream of work is broken").Should().BeFalse();
        var history = await rig.Queries.HistoryAsync(poisoned, CancellationToken.None);
        history!.OfType<CallAnswered>().Count(answered => answered is { Command: CommandKind.Do, Step: "a" })
            .Should().Be(1);
        rig.Caller.All.Where(call => call.SagaId == poisoned && call.Command == CommandKind.Do && call.Step == "a")
            .Should().OnlyContain(call => call.Attempt == first.Attempt, "what was not read is asked for again");
    }

    [Fact]
    public async Task An_item_that_is_too_large_or_cannot_be_read_is_left_out_and_the_next_ones_come()
    {
        await using var sidecar = await RawSidecar.StartAsync();
        using var small = new SidecarConnection(
            sidecar.Options with { MaxReceivedBytes = 64 * 1024 }, TimeProvider.System);
        var large = Item("large");
        large.Workflow.Past.Add(new HistoryEvent { EventRaised = new EventRaised { Name = new string('x', 300_000) } });
        byte[][] frames =
        [
            FrameWriter.Write(Item("a"), 1000), FrameWriter.Write(large, int.MaxValue), [0, 0, 0, 0, 2, 0xFF, 0xFF],
            FrameWriter.Write(Item("b"), 1000),
        ];
        sidecar.Says = context => RawSidecar.ReplyAsync(context, [.. frames.SelectMany(frame => frame)]);
        var skipped = new List<(string? Instance, long Bytes)>();

        var ids = await small
            .GetWorkItemsAsync(item => skipped.Add((WorkItemHead.InstanceOf(item.Head), item.Bytes)), default)
            .Select(item => item.Workflow.InstanceId).ToListAsync();

        ids.Should().Equal("a", "b");
        skipped.Should().Equal(("large", large.CalculateSize()), (null, 2));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_a_failure_of_its_call()
    {
        await using var sidecar = await RawSidecar.StartAsync();
        using var small = new SidecarConnection(
            sidecar.Options with { MaxReceivedBytes = 64 * 1024 }, TimeProvider.System);
        sidecar.Says = context => RawSidecar.ReplyAsync(context, new byte[] { 0, 0x7F, 0, 0, 0 });

        var asking = () => small.GetInstanceAsync(new InstanceRequest { InstanceId = "a" }, default);

        (await asking.Should().ThrowAsync<SidecarException>()).Which.Status.Should().Be(GrpcStatus.ResourceExhausted);
    }

    private static WorkItem Item(string id) => new() { Workflow = new WorkflowRequest { InstanceId = id } };

    private static bool Said(EngineRig rig, string words)
    {
        lock (rig.Logs) return rig.Logs.Exists(line => line.Contains(words));
    }
}
