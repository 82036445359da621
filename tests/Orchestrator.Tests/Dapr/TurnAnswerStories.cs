using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.StandIn;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>Whether, when and over which stream a turn is answered.</summary>
public sealed class TurnAnswerStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_turn_that_the_store_refused_once_is_taken_again()
    {
        RefusingStore store = null!;
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Dapr, store: inner => store = new RefusingStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b", "p:pivot", "r:retriable"));
        rig.Caller.Answers = _ =>
        {
            // Work that stands alone is tried twice before it is given up.
            if (rig.Caller.All.Count == 1) store.Refuses = 2;
            return Task.FromResult(ScriptedCaller.Yes);
        };

        await rig.BeginAsync(definition);
        var since = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);

        store.Refuses.Should().Be(0);
        (rig.Time.GetUtcNow() - since).Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_turn_that_is_answered_after_it_was_given_again_with_more_behind_it_holds_up_nobody()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Dapr, store: inner => store = new BrokenStore(inner));
        var held = new Dictionary<string, TaskCompletionSource<Answer>> { ["a"] = new(), ["b"] = new() };
        rig.Caller.Answers = call => call.Command == CommandKind.Confirm && held.TryGetValue(call.Step, out var wait)
            ? wait.Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b", "r:retriable"));
        await rig.BeginAsync(definition);
        await rig.UntilAsync(() => rig.Caller.All.Count(call => call.Command == CommandKind.Confirm) == 2);

        // The turn with the first answer waits for its commit; the second answer comes; the stream breaks.
        await store.Gate.WaitAsync();
        held["a"].SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => store.IsWaitedFor);
        held["b"].SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Health.Figures.Participants.Single(p => p.Name == "p-b").UnderWay == 0);
        rig.Sidecar!.Faults.Next(FaultKind.CutMidFrame);
        await rig.Sidecar.Management.StartAsync(
            new Orchestrator.Dapr.Wire.StartRequest { InstanceId = "other", Name = "other" }, CancellationToken.None);
        await rig.UntilAsync(() => rig.Health.NotReady is not null);
        await rig.UntilAsync(() => rig.Health.NotReady is null, TimeSpan.FromMilliseconds(50));
        await rig.UntilAsync(() => rig.Sidecar.Streams == 1);
        store.Gate.Release();

        var since = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, TimeSpan.FromMilliseconds(50));
        (rig.Time.GetUtcNow() - since).Should().BeLessThan(TimeSpan.FromSeconds(20), "nobody waits for the sweep");
    }
}
