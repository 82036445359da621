using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.Sharing;

/// <summary>Two engines on one database of a server; one of them is paused, dies or leaves.</summary>
public abstract class TakeOverStories(EngineKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_paused_owner_is_refused_at_its_next_commit_and_its_saga_goes_on_with_another()
    {
        var paused = new PausedOwner();
        await using var one = await StartAsync(paused: paused);
        var late = new TaskCompletionSource<Answer>();
        one.Caller.Answers = _ => late.Task;
        var saga = await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a", "b")));
        var first = await one.Caller.NextAsync();
        await using var two = await StartAsync(of: one, caller: new ScriptedCaller());
        paused.Pause();

        await UntilAsync(two, 1, () => !two.Caller.All.IsEmpty);
        var ended = await two.EndAsync(saga.Start.SagaId);
        late.SetResult(ScriptedCaller.No);
        paused.Resume();
        await UntilAsync(one, 2, () => one.Health.Figures.CommitFailures > 0 && one.Health.NotReady is null);

        ended.End.Outcome.Should().Be(SagaOutcome.Completed);
        two.Caller.All.First().Should().Be(first, "a call without an answer goes out again as it was");
        one.Health.Figures.Live.Should().Be(0);
        (await one.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None))!.Version.Should().Be(ended.Version);
        var history = await one.Queries.HistoryAsync(saga.Start.SagaId, CancellationToken.None);
        history!.OfType<CallAnswered>().Where(answer => answer.Command == CommandKind.Do).Select(answer => answer.Step)
            .Should().Equal("a", "b");
        (await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a", "b")))).Should().NotBeNull();
    }

    [Fact]
    public async Task An_owner_that_is_silent_for_less_than_its_lease_keeps_what_it_has()
    {
        var paused = new PausedOwner();
        await using var one = await StartAsync(paused: paused);
        one.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a")));
        await using var two = await StartAsync(of: one, caller: new ScriptedCaller());
        for (var i = 0; i < 4; i++) await BeatAsync(two, 2);
        paused.Pause();
        for (var i = 0; i < 16; i++) await BeatAsync(two, 1);
        paused.Resume();
        for (var i = 0; i < 40; i++) await BeatAsync(two, 2);

        one.Health.Figures.Live.Should().Be(1);
        two.Health.Figures.Live.Should().Be(0);
        one.Health.Figures.CommitFailures.Should().Be(0);
    }

    [Fact]
    public async Task What_an_engine_has_when_it_stops_goes_on_with_another_at_once()
    {
        var one = await StartAsync();
        one.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a")));
        await one.Caller.NextAsync();
        await using var two = await StartAsync(of: one, caller: new ScriptedCaller());

        await one.CrashAsync();
        await UntilAsync(two, 1, () => two.Health.Figures.Completed == 1);

        (await two.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        two.Logs.Should().Contain(line => line.Contains("0 orchestrators were silent"), "nobody waits for a lease");
        Directory.Delete(one.Folder, recursive: true);
    }

    [Fact]
    public async Task What_was_taken_over_goes_on_also_when_the_answer_to_the_claim_was_lost()
    {
        var cut = new PausedOwner { LosesNextClaim = true };
        var one = await StartAsync();
        one.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a")));
        await one.Caller.NextAsync();
        await using var two = await StartAsync(of: one, caller: new ScriptedCaller(), paused: cut);

        await one.CrashAsync();
        await UntilAsync(two, 1, () => two.Health.Figures.Completed == 1);

        cut.LosesNextClaim.Should().BeFalse();
        (await two.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        two.Health.NotReady.Should().BeNull();
        Directory.Delete(one.Folder, recursive: true);
    }

    [Fact]
    public async Task A_call_is_held_back_while_others_may_have_taken_over()
    {
        var paused = new PausedOwner();
        await using var one = await StartAsync(paused: paused);
        one.Caller.Answers = call => call.Attempt == 1
            ? Task.FromResult(ScriptedCaller.Down)
            : Task.FromResult(ScriptedCaller.Yes);
        var participant = new ParticipantEntry("p-a", new Uri("http://x"), null, false, 64, Paused: true);
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        await one.Registry.PutAsync(participant, "ann", CancellationToken.None).Soon();
        await one.BeginAsync(definition);

        paused.Pause();
        one.Time.Advance(TimeSpan.FromSeconds(7));
        var changing = one.Registry.PutAsync(participant with { Paused = false }, "ann", CancellationToken.None);
        await Task.Yield();
        one.Caller.All.Should().BeEmpty();
        paused.Resume();
        await UntilAsync(one, 1, () => !one.Caller.All.IsEmpty);
        await changing.Soon();
    }

    [Fact]
    public async Task Every_engine_reads_and_waits_for_the_sagas_of_the_others()
    {
        await using var one = await StartAsync();
        var answer = new TaskCompletionSource<Answer>();
        one.Caller.Answers = _ => answer.Task;
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        await using var two = await StartAsync(of: one, caller: new ScriptedCaller());
        var saga = await one.BeginAsync(definition);
        await one.Caller.NextAsync();

        var seen = await two.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None).Soon();
        var waiting = two.Engine.WaitForEndAsync(saga.Start.SagaId, TimeSpan.FromHours(1), CancellationToken.None);
        await using var feed = two.Feed.SubscribeAsync(0, null, CancellationToken.None).GetAsyncEnumerator();
        (await feed.MoveNextAsync().AsTask().Soon()).Should().BeTrue();
        answer.SetResult(ScriptedCaller.Yes);
        await UntilAsync(two, 2, () => waiting.IsCompleted);

        seen!.Phase().Should().Be(SagaPhase.Doing);
        (await waiting).Should().BeOfType<Ended>();
        while (feed.Current.Saga.Outcome is null)
        {
            var next = feed.MoveNextAsync().AsTask();
            await UntilAsync(two, 2, () => next.IsCompleted);
        }
    }

    [Fact]
    public async Task The_same_key_at_two_engines_at_once_makes_one_saga()
    {
        await using var one = await StartAsync();
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        await using var two = await StartAsync(of: one);

        for (var i = 0; i < 20; i++)
        {
            var starts = await Task.WhenAll(
                one.Engine.StartAsync(one.Request(definition, $"k{i}"), CancellationToken.None),
                two.Engine.StartAsync(two.Request(definition, $"k{i}"), CancellationToken.None)).Soon();

            starts.Select(IdOf).Distinct().Should().ContainSingle();
        }
    }

    [Fact]
    public async Task A_definition_and_a_participant_put_at_one_engine_are_known_at_the_others()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync(of: one);

        var putting = one.PutAsync(TestDefinitions.Of("a"));
        await UntilAsync(one, 2, () => putting.IsCompleted);

        two.Catalog.Find("test").Should().NotBeNull();
        two.Registry.Find("p-a").Should().NotBeNull();
        var same = two.PutAsync(TestDefinitions.Of("a"));
        await UntilAsync(two, 2, () => same.IsCompleted);
        (await same).Version.Should().Be(1);
    }

    [Fact]
    public async Task It_is_known_where_a_saga_runs()
    {
        await using var one = await StartAsync();
        one.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = await one.BeginAsync(await one.PutAsync(TestDefinitions.Of("a")));
        await using var two = await StartAsync(of: one);
        var address = new Uri("http://one:5080/");

        one.Owners.Announce(address);
        var place = await two.Owners.FindAsync(saga.Start.SagaId, CancellationToken.None);
        for (var i = 0; i < 2000 && place is SagaPlace.Nowhere; i++)
        {
            await BeatAsync(one, 2);
            place = await two.Owners.FindAsync(saga.Start.SagaId, CancellationToken.None);
        }

        place.Should().Be(new SagaPlace.Elsewhere(address));
        (await one.Owners.FindAsync(saga.Start.SagaId, CancellationToken.None)).Should().Be(new SagaPlace.Here(true));
        (await two.Owners.FindAsync("nobody", CancellationToken.None)).Should().Be(new SagaPlace.Here(false));
    }

    [Fact]
    public async Task Of_two_engines_one_tells_each_alert_once()
    {
        await using var pager = await HttpParticipant.StartAsync();
        var options = Telling(pager);
        await using var one = await StartAsync(options: options);
        one.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var definition = await one.PutAsync(TestDefinitions.Of("r:retriable"));
        await using var two = await StartAsync(of: one, options: options);

        for (var i = 0; i < 3; i++) await one.BeginAsync(definition);
        for (var i = 0; i < 3; i++) await two.BeginAsync(definition);
        await UntilAsync(one, 2, () => pager.Seen.Count >= 6);
        for (var i = 0; i < 80; i++) await BeatAsync(one, 2);

        pager.Seen.Select(IdOf).Should().HaveCount(6).And.OnlyHaveUniqueItems();
        var figures = one.Health.Figures.Alerts.Concat(two.Health.Figures.Alerts).ToList();
        figures.Select(each => each.Delivered).Order().Should().Equal(0, 6);
        figures.Should().OnlyContain(each => each.Target == "ops" && each.Failed == 0 && each.Waiting == 0);
    }

    [Fact]
    public async Task When_the_engine_that_tells_dies_in_the_middle_another_tells_again_under_the_same_id()
    {
        await using var pager = await HttpParticipant.StartAsync();
        var dead = new TaskCompletionSource();
        pager.Says = _ => dead.Task;
        var options = Telling(pager);
        var one = await StartAsync(options: options);
        one.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var definition = await one.PutAsync(TestDefinitions.Of("r:retriable"));
        await using var two = await StartAsync(of: one, options: options);
        await one.BeginAsync(definition);
        await UntilAsync(one, 2, () => !pager.Seen.IsEmpty);

        await one.CrashAsync();
        dead.SetResult();
        await UntilAsync(two, 1, () => pager.Seen.Count >= 2);
        for (var i = 0; i < 40; i++) await BeatAsync(two, 1);

        pager.Seen.Should().HaveCount(2);
        pager.Seen.Select(IdOf).Distinct().Should().ContainSingle("the receiver can tell that it is the same");
        Directory.Delete(one.Folder, recursive: true);
    }

    private static EngineOptions Telling(HttpParticipant pager) => new()
    {
        Alerts = new AlertOptions { Targets = [new AlertTarget("ops", pager.Address)] },
    };

    private static string? IdOf(SeenRequest seen) =>
        JsonDocument.Parse(seen.Body).RootElement.GetProperty("id").GetString();

    private Task<EngineRig> StartAsync(
        EngineRig? of = null, ScriptedCaller? caller = null, PausedOwner? paused = null,
        EngineOptions? options = null) => EngineRig.StartAsync(
            kind,
            of: of,
            caller: caller,
            options: options,
            store: paused is null ? null : paused.Of,
            shared: paused is null ? null : paused.Of);

    internal static async Task UntilAsync(EngineRig rig, int engines, Func<bool> isSo)
    {
        for (var i = 0; i < 2000 && !isSo(); i++) await BeatAsync(rig, engines);
        isSo().Should().BeTrue(string.Join('\n', rig.Logs));
    }

    /// <summary>
    /// Time for one beat of every engine that runs. It is waited for in real time: what the database takes for it must
    /// not count as silence.
    /// </summary>
    internal static async Task BeatAsync(EngineRig rig, int engines)
    {
        rig.Time.Advance(Step);
        var next = rig.Time.GetUtcNow() + Step;
        for (var i = 0; i < 1000 && rig.Time.WaitingFor(next) < engines; i++)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
    }

    internal static string IdOf(StartOutcome outcome) => outcome switch
    {
        StartOutcome.Started started => started.Saga.Start.SagaId,
        StartOutcome.AlreadyStarted already => already.Saga.Start.SagaId,
        _ => throw new InvalidOperationException(outcome.ToString()),
    };
}
