using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;
using static Orchestrator.Tests.StandIn.StandInRig;

namespace Orchestrator.Tests.StandIn;

public sealed class StandInTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Without_a_stream_a_start_gets_no_answer_and_a_read_does()
    {
        await using var rig = await StartAsync();
        var clock = new ManualTime();
        var options =
            new DaprOptions { GrpcEndpoint = rig.Sidecar.GrpcAddress, HttpEndpoint = rig.Sidecar.HttpAddress };
        using var other = new SidecarConnection(options, clock);

        var start = other.StartInstanceAsync(new StartRequest { InstanceId = "a", Name = "x" }, default);
        (await rig.StateAsync()).Should().BeNull();
        clock.Advance(options.CallTimeout);

        (await FluentActions.Awaiting(() => start).Should().ThrowAsync<SidecarException>()).Which.Status
            .Should().Be(GrpcStatus.DeadlineExceeded);
        await rig.OpenAsync();
        (await rig.StateAsync()).Should().BeNull("the caller gave up before it was carried out");
    }

    [Fact]
    public async Task Continued_as_new_is_the_same_instance_in_another_execution_with_what_it_carried_over()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync(input: "0");
        var first = await rig.NextTurnAsync();
        await rig.RaiseAsync("left");
        var carried = first.Fresh[0].Clone();
        carried.EventRaised = new EventRaised { Name = "kept" };
        await rig.AnswerAsync(first, new WorkflowAction
        {
            Complete =
                new CompleteWorkflow { Status = RunStatus.ContinuedAsNew, Result = "1", Carryover = { carried } },
        });

        var second = await rig.NextTurnAsync();

        second.Past.Should().BeEmpty();
        Fresh(second).Should()
            .Equal(nameof(WorkflowStarted), nameof(ExecutionStarted), nameof(EventRaised), nameof(EventRaised));
        second.Fresh.Skip(2).Select(one => one.EventRaised.Name).Should().Equal("kept", "left");
        (first.Fresh[0].Router is null, second.Fresh[0].Router is null).Should().Be((true, false));
        second.Fresh[1].ExecutionStarted.Input.Should().Be("1");
        second.Fresh[1].ExecutionStarted.Instance.ExecutionId
            .Should().NotBe(first.Fresh[1].ExecutionStarted.Instance.ExecutionId);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_named_timer_goes_with_the_event_of_its_name_unless_it_says_what_it_is(bool isPlain, bool fires)
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        await rig.AnswerAsync(await rig.NextTurnAsync(), rig.Timer(0, Second, "Deadline", isPlain));
        await rig.RaiseAsync("deadline");
        await rig.AnswerAsync(await rig.NextTurnAsync());

        rig.Clock.Advance(Second * 2);

        await rig.HelloAsync();
        if (fires) Fresh(await rig.NextTurnAsync()).Should().Equal(nameof(WorkflowStarted), nameof(TimerFired));
        else rig.Waiting[0].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_timer_in_the_past_fires_at_once()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        await rig.AnswerAsync(await rig.NextTurnAsync(), rig.Timer(3, -Second));

        rig.Clock.Advance(TimeSpan.Zero);

        (await rig.NextTurnAsync()).Fresh[1].TimerFired.TimerId.Should().Be(3);
    }

    [Fact]
    public async Task A_custom_status_that_is_left_out_is_cleared()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        await rig.AnswerAsync(await rig.NextTurnAsync());
        (await rig.StateAsync())!.CustomStatus.Should().Be("s");
        await rig.RaiseAsync("x");
        await rig.NextTurnAsync();

        await rig.Connection.CompleteTurnAsync(new WorkflowResponse { InstanceId = "a" }, default);

        (await rig.StateAsync())!.CustomStatus.Should().BeNull();
    }

    [Fact]
    public async Task An_action_that_no_sidecar_can_do_brings_the_turn_again_every_second()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        var sendEvent = WorkflowAction.Parser.ParseFrom([0x08, 0x01, 0x2A, 0x00]);

        for (var i = 0; i < 3; i++)
        {
            await rig.AnswerAsync(await rig.NextTurnAsync(), sendEvent);
            rig.Clock.Advance(Second);
        }

        Fresh(await rig.NextTurnAsync()).Should().Equal(nameof(WorkflowStarted), nameof(ExecutionStarted));
    }

    [Fact]
    public async Task Instances_are_listed_page_by_page_and_go_when_they_are_purged()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await rig.StartInstanceAsync(id);
            await rig.AnswerAsync(await rig.NextTurnAsync(), End(0));
        }

        var first = await rig.Connection.ListInstanceIdsAsync(new ListRequest { PageSize = 2 }, default);
        var second = await rig.Connection.ListInstanceIdsAsync(
            new ListRequest { PageSize = 2, ContinuationToken = first.ContinuationToken }, default);
        (await rig.Connection.PurgeInstancesAsync(new PurgeRequest { InstanceId = "b" }, default)).Deleted
            .Should().Be(1);

        first.InstanceIds.Concat(second.InstanceIds).Should().Equal("a", "b", "c");
        second.HasContinuationToken.Should().BeFalse();
        (await rig.Connection.ListInstanceIdsAsync(new ListRequest(), default)).InstanceIds.Should().Equal("a", "c");
    }
}
