using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;
using static Orchestrator.Tests.StandIn.StandInRig;

namespace Orchestrator.Tests.StandIn;

public sealed class RestartTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stand-in-");

    private string DataFile => Path.Combine(folder.FullName, "instances");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_under_way_comes_again_after_a_restart_and_what_had_ended_stays()
    {
        await using var rig = await StartAsync(new StandInOptions { DataFile = DataFile });
        await rig.OpenAsync();
        await rig.StartInstanceAsync("ended");
        await rig.AnswerAsync(await rig.NextTurnAsync(), End(0));
        await rig.StartInstanceAsync("calling");
        await rig.AnswerAsync(await rig.NextTurnAsync(), Schedule(1), rig.Timer(2, Second));
        await rig.NextActivityAsync();
        await rig.StartInstanceAsync("turning");
        await rig.NextTurnAsync();

        await rig.Sidecar.RestartAsync();
        await rig.BrokenAsync();
        var stream = await rig.OpenAsync();

        var (one, two) = (await rig.NextAsync(stream), await rig.NextAsync(stream));
        (one.Activity.Instance.InstanceId, one.Activity.TaskId, two.Workflow.InstanceId)
            .Should().Be(("calling", 1, "turning"));
        (await rig.StateAsync("ended"))!.Status.Should().Be(RunStatus.Completed);
        rig.Clock.Advance(Second);
        Fresh(await rig.NextTurnAsync(stream)).Should().Equal(nameof(WorkflowStarted), nameof(TimerFired));
    }

    [Fact]
    public async Task An_answer_to_a_turn_from_before_a_restart_does_no_harm()
    {
        await using var rig = await StartAsync(new StandInOptions { DataFile = DataFile });
        await rig.OpenAsync();
        await rig.StartInstanceAsync();
        var old = await rig.NextTurnAsync();
        await rig.Sidecar.RestartAsync();

        await rig.AnswerAsync(old, End(0));

        (await rig.StateAsync())!.Status.Should().Be(RunStatus.Pending);
    }

    [Fact]
    public async Task A_record_that_was_cut_off_by_a_kill_is_as_if_it_had_never_been_written()
    {
        await using (var rig = await StartAsync(new StandInOptions { DataFile = DataFile }))
        {
            await rig.OpenAsync();
            await rig.StartInstanceAsync("a");
        }

        await File.AppendAllTextAsync(DataFile, "\u0020\0\0\0half");

        await using var again = await StartAsync(new StandInOptions { DataFile = DataFile });
        (await again.StateAsync("a")).Should().NotBeNull();
        await again.OpenAsync();
        (await again.NextTurnAsync()).InstanceId.Should().Be("a");
        await again.StartInstanceAsync("b");
    }
}
