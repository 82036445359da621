using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>What follows an end: participants are told, finished sagas are purged, changes are shown.</summary>
public abstract class EndingStories(EngineKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Endings_of_many_sagas_are_told_in_one_request()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
            ids.Add((await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId)).Start.SagaId);

        await rig.UntilAsync(() => rig.Health.Figures.EndingsWaiting == 0, Step);

        var (participant, endings) = await rig.Caller.NextEndingsAsync();
        participant.Should().Be("p-a");
        endings.Select(ending => ending.SagaId).Should().Equal(ids);
        endings.Should().OnlyContain(ending => ending.Outcome == SagaOutcome.Completed);
    }

    [Fact]
    public async Task A_participant_that_does_not_take_endings_is_told_again_and_holds_up_nobody()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));
        var tries = 0;
        rig.Caller.TakesEndings = participant => participant == "p-b" || Interlocked.Increment(ref tries) > 3;
        await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);

        await rig.UntilAsync(() => rig.Health.Figures.EndingsWaiting == 1, Step);
        await rig.UntilAsync(() => rig.Health.Figures.EndingsWaiting == 0, Step);

        tries.Should().Be(4);
    }

    [Fact]
    public async Task Endings_not_told_before_a_crash_are_told_after_it_also_when_the_saga_is_purged()
    {
        var options =
            new EngineOptions { RetainCompleted = TimeSpan.FromMinutes(1), SweepEvery = TimeSpan.FromSeconds(1) };
        var first = await EngineRig.StartAsync(kind, options: options);
        first.Caller.TakesEndings = _ => false;
        var saga = await first.EndAsync(
            (await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("a")))).Start.SagaId);
        await first.UntilAsync(
            () => first.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None).Result is null,
            TimeSpan.FromSeconds(5));
        await first.CrashAsync();

        var caller = new ScriptedCaller();
        await using (var second = await EngineRig.StartAsync(kind, of: first, caller: caller))
        {
            var told = caller.NextEndingsAsync();
            await second.UntilAsync(() => told.IsCompleted, Step);
            (await told).Endings.Should().ContainSingle().Which.SagaId.Should().Be(saga.Start.SagaId);
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task Finished_sagas_are_purged_after_their_retention_and_their_keys_are_free_again()
    {
        var options = new EngineOptions { RetainCompleted = TimeSpan.FromHours(1) };
        await using var rig = await EngineRig.StartAsync(kind, options: options);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var started = (StartOutcome.Started)await rig.Engine.StartAsync(
            rig.Request(definition, "key"), CancellationToken.None).Soon();
        await rig.EndAsync(started.Saga.Start.SagaId);
        rig.Time.Advance(TimeSpan.FromMinutes(30));
        (await rig.Engine.FindAsync(started.Saga.Start.SagaId, CancellationToken.None)).Should().NotBeNull();

        await rig.UntilAsync(
            () => rig.Engine.FindAsync(started.Saga.Start.SagaId, CancellationToken.None).Result is null,
            TimeSpan.FromMinutes(1));

        (await rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None).Soon())
            .Should().BeOfType<StartOutcome.Started>();
    }

    [Fact]
    public async Task Only_a_finished_saga_is_deleted()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = _ => held.Task;
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));

        (await rig.Engine.DeleteAsync(saga.Start.SagaId, "ann", CancellationToken.None).Soon())
            .Should().Be(DeleteOutcome.StillRunning);
        held.SetResult(ScriptedCaller.Yes);
        await rig.EndAsync(saga.Start.SagaId);
        await rig.UntilAsync(() => rig.Health.Figures.Live == 0);

        (await rig.Engine.DeleteAsync(saga.Start.SagaId, "ann", CancellationToken.None).Soon())
            .Should().Be(DeleteOutcome.Deleted);
        (await rig.Engine.DeleteAsync(saga.Start.SagaId, "ann", CancellationToken.None).Soon())
            .Should().Be(DeleteOutcome.NotFound);
        (await rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task The_feed_shows_the_last_change_of_every_saga_in_order_however_slow_its_reader_is()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        using var stop = new CancellationTokenSource();
        await using var feed = rig.Feed.SubscribeAsync(0, null, stop.Token).GetAsyncEnumerator();
        var firstSaga = await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);
        (await feed.MoveNextAsync().AsTask().Soon()).Should().BeTrue();
        var ids = new HashSet<string> { firstSaga.Start.SagaId };
        for (var i = 0; i < 600; i++)
            ids.Add((await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId)).Start.SagaId);

        var last = new Dictionary<string, SagaPhase>();
        var number = 0L;
        while (last.Count(saga => saga.Value == SagaPhase.Completed) < ids.Count)
        {
            feed.Current.Number.Should().BeGreaterThan(number);
            number = feed.Current.Number;
            last[feed.Current.Saga.Id] = feed.Current.Saga.Phase;
            if (last.Count(saga => saga.Value == SagaPhase.Completed) < ids.Count)
                await feed.MoveNextAsync().AsTask().Soon();
        }

        last.Keys.Should().BeEquivalentTo(ids);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task The_feed_goes_on_after_a_number_from_before_a_restart()
    {
        var first = await EngineRig.StartAsync(kind);
        var definition = await first.PutAsync(TestDefinitions.Of("a"));
        var before = await first.EndAsync((await first.BeginAsync(definition)).Start.SagaId);
        var seen = (await first.Queries.ChangesAsync(0, null, 100, CancellationToken.None))[^1].Number;
        await first.CrashAsync();

        await using (var second = await EngineRig.StartAsync(kind, of: first))
        {
            var after = await second.BeginAsync(second.Catalog.Find("test")!);
            await using var feed = second.Feed.SubscribeAsync(seen, null, CancellationToken.None).GetAsyncEnumerator();
            (await feed.MoveNextAsync().AsTask().Soon()).Should().BeTrue();
            feed.Current.Saga.Id.Should().Be(after.Start.SagaId).And.NotBe(before.Start.SagaId);
        }

        Directory.Delete(first.Folder, recursive: true);
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedEndingStories() : EndingStories(EngineKind.Embedded)
{
    [Fact]
    public async Task A_late_answer_is_recorded_and_changes_nothing()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        var late = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call =>
            call.Command == Orchestrator.Contract.CommandKind.Do ? late.Task : Task.FromResult(ScriptedCaller.Yes);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();
        await rig.Engine.SubmitAsync(
            saga.Start.SagaId, new Orchestrator.Core.Deciding.SagaVerb.Cancel { Actor = "ann" },
            CancellationToken.None).Soon();
        var ended = await rig.EndAsync(saga.Start.SagaId);

        late.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(
            () => rig.Queries.HistoryAsync(saga.Start.SagaId, CancellationToken.None).Result!.Count
                == ended.Version + 1);

        var read = await rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None);
        read.Should().BeOfType<Ended>().Which.End.Outcome.Should().Be(SagaOutcome.Compensated);
        rig.Health.Figures.Compensated.Should().Be(1);
    }
}

/// <summary>On the Dapr engine.</summary>
public sealed class DaprEndingStories() : EndingStories(EngineKind.Dapr);
