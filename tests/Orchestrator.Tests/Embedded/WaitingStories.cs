using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>Timers, silent participants, and the limits that keep one from holding up the others.</summary>
public abstract class WaitingStories(EngineKind kind)
{
    private static readonly TaskCompletionSource<Answer> Never = new();

    [Fact]
    public async Task A_retry_goes_out_by_itself_and_not_before_its_instant()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => Task.FromResult(call.Attempt == 1 ? ScriptedCaller.Down : ScriptedCaller.Yes);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();

        await rig.UntilAsync(
            () => rig.Health.Figures.Completed == 1 || rig.Caller.All.Count > 1, TimeSpan.FromMilliseconds(5));
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, TimeSpan.FromMilliseconds(5));

        var history = await rig.Queries.HistoryAsync(saga.Start.SagaId, CancellationToken.None);
        var waited = history!.OfType<TimerSet>().First(timer => timer.Timer != TimerNames.Deadline);
        var sent = history!.OfType<CallSent>().First(call => call is { Command: CommandKind.Do, Attempt: 2 });
        sent.At.Should().BeOnOrAfter(waited.DueAt);
    }

    [Fact]
    public async Task A_clock_set_forward_fires_timers_within_a_second_of_real_waiting()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => call.Command == CommandKind.Do ? Never.Task : Task.FromResult(ScriptedCaller.Yes);
        await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();

        rig.Time.Advance(TimeSpan.FromHours(3));

        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1);
    }

    [Fact]
    public async Task A_silent_participant_does_not_starve_another()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => call.Participant == "p-dead" && call.Command == CommandKind.Do
            ? Never.Task
            : Task.FromResult(ScriptedCaller.Yes);
        var dead = await rig.PutAsync(TestDefinitions.Of("dead") with { Name = "dead" });
        var alive = await rig.PutAsync(TestDefinitions.Of("alive") with { Name = "alive" });
        for (var i = 0; i < 300; i++) await rig.BeginAsync(dead);

        var ended = await rig.EndAsync((await rig.BeginAsync(alive)).Start.SagaId);

        ended.End.Outcome.Should().Be(SagaOutcome.Completed);
        var figures = rig.Health.Figures.Participants.Single(participant => participant.Name == "p-dead");
        figures.UnderWay.Should().Be(ParticipantEntry.DefaultConcurrency);
        figures.Waiting.Should().Be(300 - ParticipantEntry.DefaultConcurrency);
    }

    [Fact]
    public async Task A_paused_participant_gets_no_calls_until_it_goes_on()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var entry = rig.Registry.Find("p-a")!;
        await rig.Registry.PutAsync(entry with { Paused = true }, "ann", CancellationToken.None);
        var saga = await rig.BeginAsync(definition);
        await rig.UntilAsync(() => rig.Health.Figures.Participants.Single().Waiting == 1);
        rig.Caller.All.Should().BeEmpty();

        await rig.Registry.PutAsync(entry, "ann", CancellationToken.None);

        (await rig.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
    }

}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedWaitingStories() : WaitingStories(EngineKind.Embedded)
{
    private const int Many = 20_000;

    private static readonly TaskCompletionSource<Answer> Never = new();

    [Fact]
    public async Task A_call_that_still_waits_for_a_place_is_not_sent_once_its_saga_went_back()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        var first = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call.Command == CommandKind.Do ? first.Task : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        await rig.Registry.PutAsync(rig.Registry.Find("p-a")! with { Concurrency = 1 }, "ann", CancellationToken.None);
        var holds = await rig.BeginAsync(definition);
        await rig.Caller.NextAsync();
        var waits = await rig.BeginAsync(definition);
        await rig.Engine.SubmitAsync(
            waits.Start.SagaId, new Orchestrator.Core.Deciding.SagaVerb.Cancel { Actor = "ann" },
            CancellationToken.None).Soon();

        first.SetResult(ScriptedCaller.Yes);
        await rig.EndAsync(holds.Start.SagaId);
        var ended = await rig.EndAsync(waits.Start.SagaId);

        ended.End.Outcome.Should().Be(SagaOutcome.Compensated);
        rig.Caller.All.Where(call => call.SagaId == waits.Start.SagaId).Select(call => call.Command)
            .Should().Equal(CommandKind.Undo);
    }

    [Fact]
    public async Task Twenty_thousand_waiting_sagas_cost_little_and_do_not_keep_others_from_ending()
    {
        var caller = new ScriptedCaller
        {
            ForgetsArrivals = true,
            Answers = call => call.Participant == "p-slow" ? Never.Task : Task.FromResult(ScriptedCaller.Yes),
        };
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded, caller: caller);
        var slow = await rig.PutAsync(TestDefinitions.Of("slow") with { Name = "slow" });
        var quick = await rig.PutAsync(TestDefinitions.Of("quick") with { Name = "quick" });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForAsync(
            0,
            Many,
            new ParallelOptions { MaxDegreeOfParallelism = 500 },
            async (_, _) => await rig.Engine.StartAsync(rig.Request(slow), CancellationToken.None));
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Many;

        (await rig.EndAsync((await rig.BeginAsync(quick)).Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Health.Figures.Live.Should().BeGreaterThanOrEqualTo(Many);
        each.Should().BeLessThan(4096);
    }
}

/// <summary>On the Dapr engine.</summary>
public sealed class DaprWaitingStories() : WaitingStories(EngineKind.Dapr);
