using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>What started and ended per minute, through a whole engine that dies.</summary>
public abstract class MinuteStories(EngineKind kind)
{
    [Fact]
    public async Task The_minutes_of_before_a_crash_are_there_after_it_and_what_goes_on_is_counted_once()
    {
        await using var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = Say(_ => new TaskCompletionSource<Answer>().Task);
        var (good, bad, slow) = (await PutAsync(first, "a"), await PutAsync(first, "refused"), await PutAsync(first, "held"));
        for (var i = 0; i < 3; i++) await first.EndAsync((await first.BeginAsync(good)).Start.SagaId);
        await first.EndAsync((await first.BeginAsync(bad)).Start.SagaId);
        var held = (await first.BeginAsync(slow)).Start.SagaId;
        await first.UntilAsync(() => first.Caller.All.Any(call => call.Step == "held"));
        var minute = first.Time.GetUtcNow();
        var before = await first.Minutes.ReadAsync(CancellationToken.None);
        await first.CrashAsync();

        first.Time.Jump(TimeSpan.FromMinutes(1));
        var caller = new ScriptedCaller { Answers = Say(_ => Task.FromResult(ScriptedCaller.Yes)) };
        await using var second = await EngineRig.StartAsync(kind, of: first, caller: caller);
        await second.EndAsync(held);
        await second.EndAsync((await second.BeginAsync(good)).Start.SagaId);
        await second.EndAsync((await second.BeginAsync(bad)).Start.SagaId);
        var after = await second.Minutes.ReadAsync(CancellationToken.None);

        Busy(before).Should().Equal(new MinuteFigures(minute, 5, 3, 1));
        Busy(after).Should().Equal(
            new MinuteFigures(minute, 5, 3, 1), new MinuteFigures(minute + TimeSpan.FromMinutes(1), 2, 2, 1));
        after.Should().HaveCount(60);
    }

    private static Func<ParticipantCall, Task<Answer>> Say(Func<string, Task<Answer>> held) => call =>
        call is { Command: CommandKind.Do, Step: "held" } ? held(call.Step)
        : call is { Command: CommandKind.Do, Step: "refused" } ? Task.FromResult(ScriptedCaller.No)
        : Task.FromResult(ScriptedCaller.Yes);

    private static Task<SagaDefinition> PutAsync(EngineRig rig, string step) => rig.PutAsync(
        TestDefinitions.Of(step) with { Name = $"one-{step}", Deadline = TimeSpan.FromHours(1) });

    private static IEnumerable<MinuteFigures> Busy(IEnumerable<MinuteFigures> minutes) =>
        minutes.Where(minute => minute.Started + minute.Completed + minute.Compensated > 0);
}

/// <summary>See <see cref="MinuteStories" />.</summary>
public sealed class EmbeddedMinuteStories() : MinuteStories(EngineKind.Embedded);

/// <summary>See <see cref="MinuteStories" />.</summary>
public sealed class DaprMinuteStories() : MinuteStories(EngineKind.Dapr);
