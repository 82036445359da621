using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;
using static Orchestrator.Tests.StandIn.StandInRig;

namespace Orchestrator.Tests.StandIn;

public sealed class FaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Several_streams_share_the_work_and_one_that_breaks_leaves_its_part_to_the_others()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.CutMidFrame);

        await rig.StartInstanceAsync();

        await Task.WhenAll(rig.Waiting.Select(waiting => waiting.ContinueWith(_ => { }, TaskScheduler.Default)));
        var (cut, whole) = rig.Waiting[0].IsFaulted ? (0, 1) : (1, 0);
        (await rig.BrokenAsync(cut)).IsRetriable.Should().BeTrue();
        var turn = await rig.NextTurnAsync(whole);
        Fresh(turn).Should().Equal(nameof(WorkflowStarted), nameof(ExecutionStarted));
    }

    [Fact]
    public async Task Garbage_ends_the_stream_and_the_turn_comes_again()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.Garbage);
        await rig.StartInstanceAsync();

        (await rig.BrokenAsync()).Status.Should().Be(GrpcStatus.Internal);

        await rig.OpenAsync();
        (await rig.NextTurnAsync(1)).InstanceId.Should().Be("a");
    }

    [Fact]
    public async Task After_a_failed_save_the_turn_comes_again_with_an_answer_that_nobody_scheduled()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        rig.Sidecar.Faults.Next(FaultKind.SaveFails);
        await rig.AnswerAsync(await rig.NextTurnAsync(), Schedule(1));
        await rig.AnswerAsync(await rig.NextActivityAsync(), "first");

        var again = await rig.NextTurnAsync();

        again.Past.Should().BeEmpty();
        Fresh(again).Should().Equal(nameof(WorkflowStarted), nameof(ExecutionStarted), nameof(TaskCompleted));
        again.Fresh[2].TaskCompleted.TaskScheduledId.Should().Be(1);
        await rig.AnswerAsync(again, Schedule(1));
        await rig.AnswerAsync(await rig.NextActivityAsync(), "second");
        var last = await rig.NextTurnAsync();
        Kinds(last.Past).Should().Equal(
            nameof(WorkflowStarted), nameof(ExecutionStarted), nameof(TaskCompleted), nameof(TaskScheduled));
        last.Fresh[1].TaskCompleted.Result.Should().Be("second");
    }

    [Fact]
    public async Task A_worker_that_ignores_an_orphan_for_good_hangs_its_instance()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        rig.Sidecar.Faults.Next(FaultKind.SaveFails);
        await rig.AnswerAsync(await rig.NextTurnAsync(), Schedule(1));
        await rig.AnswerAsync(await rig.NextActivityAsync());

        await rig.AnswerAsync(await rig.NextTurnAsync());
        rig.Clock.Advance(TimeSpan.FromHours(1));

        await rig.HelloAsync();
        rig.Waiting[0].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_failed_save_without_an_answer_brings_the_turn_again_after_a_second()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        rig.Sidecar.Faults.Next(FaultKind.SaveFails);
        await rig.AnswerAsync(await rig.NextTurnAsync(), End(0));
        (await rig.StateAsync())!.Status.Should().Be(RunStatus.Pending);

        rig.Clock.Advance(Second);

        Fresh(await rig.NextTurnAsync()).Should().Equal(nameof(WorkflowStarted), nameof(ExecutionStarted));
    }

    [Fact]
    public async Task An_event_and_fields_that_nobody_has_heard_of_come_through()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.Stranger);

        await rig.StartInstanceAsync();

        Fresh(await rig.NextTurnAsync()).Should().Equal(nameof(WorkflowStarted), nameof(ExecutionStarted), "None");
    }

    [Fact]
    public async Task An_older_sidecar_is_answered_under_the_old_name()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.OldSidecar, 100);
        await rig.StartInstanceAsync();

        await rig.AnswerAsync(await rig.NextTurnAsync(), End(0));

        (await rig.StateAsync())!.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_end_is_dropped_and_so_is_a_second_one()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        await rig.AnswerAsync(await rig.NextTurnAsync(), Schedule(1));
        var activity = await rig.NextActivityAsync();
        rig.Sidecar.Faults.Next(FaultKind.HoldActivity);
        await rig.AnswerAsync(activity);
        await rig.RaiseAsync("stop");
        await rig.AnswerAsync(await rig.NextTurnAsync(), End(2));

        rig.Sidecar.Desk.Release();
        await rig.AnswerAsync(activity);
        await rig.RaiseAsync("late");

        var history = await rig.Connection.GetInstanceHistoryAsync(new HistoryRequest { InstanceId = "a" }, default);
        Kinds(history.Events)[^1].Should().Be(nameof(ExecutionCompleted));
        rig.Waiting[0].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task An_activity_that_is_sent_twice_is_answered_once()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.RepeatActivity);
        await rig.StartInstanceAsync();
        await rig.AnswerAsync(await rig.NextTurnAsync(), Schedule(1));
        var (first, second) = (await rig.NextActivityAsync(), await rig.NextActivityAsync());

        await rig.AnswerAsync(first, "one");
        await rig.AnswerAsync(second, "two");

        var turn = await rig.NextTurnAsync();
        Fresh(turn).Should().Equal(nameof(WorkflowStarted), nameof(TaskCompleted));
        turn.Fresh[1].TaskCompleted.Result.Should().Be("one");
    }

    [Fact]
    public async Task A_reply_that_is_lost_was_carried_out_and_a_call_refused_was_not()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        rig.Sidecar.Faults.Next(FaultKind.LoseReply);
        var losing = FluentActions.Awaiting(() => rig.StartInstanceAsync("a"));
        var lost = (await losing.Should().ThrowAsync<SidecarException>()).Which;
        rig.Sidecar.Faults.Next(FaultKind.Unavailable);
        var refusing = FluentActions.Awaiting(() => rig.StartInstanceAsync("b"));
        var refused = (await refusing.Should().ThrowAsync<SidecarException>()).Which;

        (lost.IsRetriable, refused.IsRetriable).Should().Be((true, true));
        (await rig.StateAsync("a")).Should().NotBeNull();
        (await rig.StateAsync("b")).Should().BeNull();
    }
}
