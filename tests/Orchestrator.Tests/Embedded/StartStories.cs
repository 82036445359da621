using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>Starts: idempotent by key, and many in one commit.</summary>
public abstract class StartStories(EngineKind kind)
{
    [Fact]
    public async Task The_same_key_at_the_same_time_makes_one_saga()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None))).Soon();

        outcomes.OfType<StartOutcome.Started>().Should().ContainSingle();
        outcomes.OfType<StartOutcome.AlreadyStarted>().Should().HaveCount(39);
        outcomes.Select(IdOf).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_key_is_known_after_a_crash_and_after_the_saga_has_ended()
    {
        var first = await EngineRig.StartAsync(kind);
        var definition = await first.PutAsync(TestDefinitions.Of("a"));
        var started = await first.Engine.StartAsync(first.Request(definition, "key"), CancellationToken.None).Soon();
        await first.EndAsync(IdOf(started));
        await first.CrashAsync();

        await using (var second = await EngineRig.StartAsync(kind, of: first))
        {
            definition = second.Catalog.Find("test")!;
            var again = await second.Engine.StartAsync(second.Request(definition, "key"), CancellationToken.None).Soon();
            var other =
                await second.Engine.StartAsync(second.Request(definition, "key", "[1]"), CancellationToken.None).Soon();

            again.Should().BeOfType<StartOutcome.AlreadyStarted>().Which.Saga.Should().BeOfType<Ended>();
            IdOf(again).Should().Be(IdOf(started));
            other.Should().BeOfType<StartOutcome.KeyReused>().Which.SagaId.Should().Be(IdOf(started));
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_start_is_on_disk()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        await store.Gate.WaitAsync();

        var start = rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None);
        await rig.UntilAsync(() => rig.Health.Figures.OldestDueAge > TimeSpan.Zero, TimeSpan.FromMilliseconds(10));

        start.IsCompleted.Should().BeFalse();
        rig.Caller.All.Should().BeEmpty();
        store.Gate.Release();
        await start.Soon();
    }

    [Fact]
    public async Task Waiting_for_the_end_gives_up_after_its_limit()
    {
        await using var rig = await EngineRig.StartAsync(
            kind, caller: new ScriptedCaller { Answers = _ => new TaskCompletionSource<Answer>().Task });
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));

        var waiting = rig.Engine.WaitForEndAsync(saga.Start.SagaId, TimeSpan.FromSeconds(10), CancellationToken.None);
        await rig.UntilAsync(() => waiting.IsCompleted, TimeSpan.FromSeconds(1));

        (await waiting).Should().BeOfType<Doing>();
        (await rig.Engine.WaitForEndAsync("nobody", TimeSpan.FromSeconds(10), CancellationToken.None)).Should().BeNull();
    }

    private static string IdOf(StartOutcome outcome) => outcome switch
    {
        StartOutcome.Started started => started.Saga.Start.SagaId,
        StartOutcome.AlreadyStarted already => already.Saga.Start.SagaId,
        _ => throw new InvalidOperationException(outcome.ToString()),
    };
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedStartStories() : StartStories(EngineKind.Embedded)
{
    [Fact]
    public async Task What_comes_while_a_commit_is_written_goes_into_one_next_commit()
    {
        BrokenStore store = null!;
        var caller = new ScriptedCaller { Answers = _ => new TaskCompletionSource<Answer>().Task };
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Embedded, caller: caller, store: inner => store = new BrokenStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        await store.Gate.WaitAsync();
        var first = rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None);
        await rig.UntilAsync(
            () => rig.Health.Figures.OldestDueAge >= TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500));
        store.TurnsPerCommit.Clear();

        var others = Enumerable.Range(0, 50)
            .Select(_ => rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None)).ToList();
        store.Gate.Release();
        await Task.WhenAll([first, .. others]).Soon();

        store.TurnsPerCommit.Should().HaveCount(2);
        store.TurnsPerCommit.Sum().Should().Be(51);
    }
}

/// <summary>On the Dapr engine.</summary>
public sealed class DaprStartStories() : StartStories(EngineKind.Dapr);
