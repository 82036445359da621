using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>What waits for a participant goes, and for how long it waits is an operator's choice.</summary>
public abstract class ReleaseStories(EngineKind kind)
{
    private static readonly RetryOverride Rarely = RetryOverride.None with
    {
        First = TimeSpan.FromHours(2),
        Longest = TimeSpan.FromHours(2),
    };

    [Fact]
    public async Task What_waits_for_one_participant_goes_and_what_waits_for_another_stays()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var isDown = true;
        rig.Caller.Answers = _ => Task.FromResult(Volatile.Read(ref isDown) ? ScriptedCaller.Down : ScriptedCaller.Yes);
        var mine = await rig.PutAsync(Long(TestDefinitions.Of("a")));
        var others = await rig.PutAsync(Long(TestDefinitions.Of("b")) with { Name = "other" });
        await PutAsync(rig, "p-a", Rarely);
        await PutAsync(rig, "p-b", Rarely);
        var ids = new List<string>();
        for (var i = 0; i < 150; i++) ids.Add((await rig.BeginAsync(mine)).Start.SagaId);
        var other = (await rig.BeginAsync(others)).Start.SagaId;
        await rig.UntilAsync(() => rig.Waits.Count(null, null) == 151);
        Volatile.Write(ref isDown, false);

        rig.Waits.Count("p-a", null).Should().Be(150);
        rig.Waits.Count("p-a", "other").Should().Be(0);
        rig.Waits.Release("p-a", null, "ann", "the network is back").Should().Be(150);

        foreach (var id in ids) (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        (await rig.Engine.FindAsync(other, CancellationToken.None)).Should().BeOfType<Doing>();
        rig.Waits.Count(null, null).Should().Be(1);
        (await rig.Queries.HistoryAsync(ids[0], CancellationToken.None))!.OfType<RetryRequested>()
            .Should().ContainSingle().Which.Should().BeEquivalentTo(new { Actor = "ann", Reason = "the network is back", Participant = "p-a" });
    }

    [Fact]
    public async Task A_wait_that_began_under_an_operators_limits_is_the_same_after_a_crash_without_them()
    {
        await using var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = _ => Task.FromResult(ScriptedCaller.Down);
        var definition = await first.PutAsync(Long(TestDefinitions.Of("a")));
        await PutAsync(first, "p-a", Rarely);
        var id = (await first.BeginAsync(definition)).Start.SagaId;
        await first.UntilAsync(() => first.Waits.Count("p-a", null) == 1);
        var before = await WaitOfAsync(first, id);
        await PutAsync(first, "p-a", null);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(kind, of: first);
        (await WaitOfAsync(second, id)).Should().Be(before).And.BeAfter(second.Time.GetUtcNow().AddHours(1));
        second.Waits.Release("p-a", null, "ann", null).Should().Be(1);

        // The next wait is the definition's again.
        await second.UntilAsync(() => WaitOfAsync(second, id).GetAwaiter().GetResult() < before);
        (await WaitOfAsync(second, id)).Should().BeBefore(second.Time.GetUtcNow().AddSeconds(5));
    }

    private static SagaDefinition Long(SagaDefinition definition) => definition with
    {
        Deadline = TimeSpan.FromDays(1),
        MaxDeadline = TimeSpan.FromDays(1),
    };

    private static async Task<DateTimeOffset> WaitOfAsync(EngineRig rig, string id) =>
        (await rig.Engine.FindAsync(id, CancellationToken.None))!.Steps[0].Do is CallState.Waiting waiting
            ? waiting.DueAt
            : DateTimeOffset.MaxValue;

    private static Task PutAsync(EngineRig rig, string participant, RetryOverride? retry) => rig.Registry.PutAsync(
        new ParticipantEntry(
            participant, new Uri("http://x"), null, false, ParticipantEntry.DefaultConcurrency, false, retry),
        "ann",
        CancellationToken.None).Soon();
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedReleaseStories() : ReleaseStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprReleaseStories() : ReleaseStories(EngineKind.Dapr);
