using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>Timers fire at their own millisecond; the benchmark <c>timers</c> measures a real machine.</summary>
public sealed class TimerStories
{
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(1);

    private static readonly TaskCompletionSource<Answer> Never = new();

    [Fact]
    public async Task The_clock_is_armed_for_the_millisecond_of_the_earliest_timer_and_fires_at_it()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        rig.Caller.Answers = call => call.Attempt == 1 ? Task.FromResult(ScriptedCaller.Down) : Never.Task;
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();
        await rig.UntilAsync(() => Waits(rig, saga).Any());
        var wait = Waits(rig, saga).Single();
        wait.DueAt.Should().BeBefore(rig.Time.GetUtcNow() + LongestNap, "the clock naps no longer than that");
        await rig.UntilAsync(() => rig.Time.WaitingFor(wait.DueAt) == 1);

        rig.Time.Advance(wait.DueAt - rig.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await rig.Caller.NextAsync();

        History(rig, saga).OfType<TimerPassed>().Should().ContainSingle().Which.At.Should().Be(wait.DueAt);
    }

    [Fact]
    public async Task A_timer_far_away_is_looked_at_every_second_so_a_clock_set_forward_is_noticed()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        rig.Caller.Answers = call => call.Command == CommandKind.Do ? Never.Task : Task.FromResult(ScriptedCaller.Yes);
        // What else looks every second began to when the engine started.
        rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();
        await rig.UntilAsync(() => rig.Time.WaitingFor(rig.Time.GetUtcNow() + LongestNap) == 1);

        // The machine's clock jumps; its timers only know that a second is not over yet.
        rig.Time.Jump(TimeSpan.FromHours(3));
        rig.Time.Advance(TimeSpan.Zero);

        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1);
    }

    private static IEnumerable<TimerSet> Waits(EngineRig rig, StartedSaga saga) =>
        History(rig, saga).OfType<TimerSet>().Where(timer => timer.Timer != TimerNames.Deadline);

    private static IReadOnlyList<SagaEvent> History(EngineRig rig, StartedSaga saga) =>
        rig.Queries.HistoryAsync(saga.Start.SagaId, CancellationToken.None).Result!;
}
