using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>The verbs extend, resend, resolve and rerun through a whole engine.</summary>
public abstract class VerbEngineStories(EngineKind kind)
{
    [Fact]
    public async Task A_saga_is_extended_by_its_participants_first_and_lives_beyond_its_first_deadline()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var held = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call is { Step: "b", Command: CommandKind.Do }
            ? held.Task : Task.FromResult(ScriptedCaller.Yes);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")));
        var id = saga.Start.SagaId;
        await rig.UntilAsync(() => rig.Caller.All.Any(call => call.Step == "b"));

        var to = saga.ExpiresAt.AddSeconds(600);
        await AcceptAsync(rig, id, new SagaVerb.Extend { Actor = "ann", Reason = "slow bank", ExpiresAt = to });
        await rig.UntilAsync(() => rig.Caller.All.Any(call => call.Command == CommandKind.Extend));
        held.SetResult(ScriptedCaller.Yes);
        var then = await rig.Engine.WaitUntilAsync(
            id, present => present.Extension is { Progress: ExtensionProgress.Extended }, TimeSpan.FromDays(1),
                CancellationToken.None).Soon();

        then!.ExpiresAt.Should().Be(to);
        (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Where(call => call.Command == CommandKind.Extend)
            .Should().OnlyContain(call => call.ExpiresAt == to && call.Extension == 1 && call.Path.EndsWith("/extend"));
        rig.Caller.All.Where(call => call.Command == CommandKind.Confirm)
            .Should().OnlyContain(call => call.ExpiresAt == to);
        (await rig.Queries.ListAsync(new SagaFilter(), CancellationToken.None))
            .Items.Should().ContainSingle(item => item.ExpiresAt == to);
    }

    [Fact]
    public async Task The_moved_deadline_rules_also_after_a_crash()
    {
        await using var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("u:unarmed", "b")));
        var id = saga.Start.SagaId;
        var to = saga.ExpiresAt.AddSeconds(300);
        await AcceptAsync(first, id, new SagaVerb.Extend { Actor = "ann", ExpiresAt = to });
        await first.CrashAsync();

        var silent = new ScriptedCaller
        {
            Answers = call => call.Command == CommandKind.Do
                ? new TaskCompletionSource<Answer>().Task
                : Task.FromResult(ScriptedCaller.Yes),
        };
        await using var second = await EngineRig.StartAsync(kind, of: first, caller: silent);
        (await second.Engine.FindAsync(id, CancellationToken.None))!.ExpiresAt.Should().Be(to);
        second.Time.Advance(TimeSpan.FromSeconds(100));
        (await second.Engine.FindAsync(id, CancellationToken.None)).Should().BeOfType<Doing>();
        await second.UntilAsync(
            () => second.Engine.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult() is Compensating or Ended,
            TimeSpan.FromSeconds(10));
        second.Time.GetUtcNow().Should().BeOnOrAfter(to);
    }

    [Fact]
    public async Task Other_data_go_out_under_another_key_once_the_old_one_is_barred()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => (call.Step, call.Command) switch
        {
            ("a", CommandKind.Do) => new TaskCompletionSource<Answer>().Task,
            ("a", CommandKind.Undo) => Task.FromResult(ScriptedCaller.Yes with { LedgerState = "barred" }),
            _ => Task.FromResult(ScriptedCaller.Yes),
        };
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.UntilAsync(() => !rig.Caller.All.IsEmpty);

        var data = JsonData.FromText("""{"n":2}""");
        await AcceptAsync(rig, saga.Start.SagaId, new SagaVerb.Resend { Actor = "ann", Step = "a", Data = data });
        var ended = await rig.EndAsync(saga.Start.SagaId);

        ended.End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Select(call => CallNames.Of(call.Step, call.Command))
            .Should().Equal("a/do", "a/undo", "a~2/do", "a~2/confirm");
        rig.Caller.All.Single(call => call is { Step: "a~2", Command: CommandKind.Do }).Data.ToString()
            .Should().Be("""{"n":2}""");
    }

    [Fact]
    public async Task A_resend_moves_what_waits_for_a_long_time()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var up = false;
        rig.Caller.Answers = _ => Task.FromResult(Volatile.Read(ref up) ? ScriptedCaller.Yes : ScriptedCaller.No);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("r:retriable")));
        await rig.UntilAsync(() => rig.Health.Figures.Stuck == 1);
        Volatile.Write(ref up, true);

        await AcceptAsync(rig, saga.Start.SagaId, new SagaVerb.Resend { Actor = "ann", Step = "r" });

        (await rig.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
    }

    [Fact]
    public async Task A_saga_ends_on_a_persons_word_and_its_undo_goes_on_after_a_crash_until_it_is_answered()
    {
        await using var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = call => Task.FromResult((call.Step, call.Command) switch
        {
            ("b", CommandKind.Do) => ScriptedCaller.No,
            ("a", CommandKind.Undo) => ScriptedCaller.Down,
            _ => ScriptedCaller.Yes,
        });
        var id = (await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("a", "b")))).Start.SagaId;
        await first.UntilAsync(() => first.Caller.All.Any(call => call is { Step: "a", Command: CommandKind.Undo }));
        var word = new SagaVerb.Resolve { Actor = "ann", Reason = "rang them", Step = "a", As = Resolution.Undone };
        await AcceptAsync(first, id, word);
        var ended = await first.EndAsync(id);
        ended.Unverified().Should().Equal("p-a");
        (await EndingOfAsync(first, "p-b")).Should().ContainSingle("p-a is told once it has answered");
        (await first.Engine.DeleteAsync(id, "ann", CancellationToken.None).Soon())
            .Should().Be(DeleteOutcome.Unverified);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(kind, of: first, caller: new ScriptedCaller());
        await second.UntilAsync(
            () => second.Engine.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult() is Ended { } now
                && now.IsClosed(),
            TimeSpan.FromSeconds(1));

        var closed = (Ended)(await second.Engine.FindAsync(id, CancellationToken.None))!;
        closed.End.Should().Be(ended.End);
        closed.Unverified().Should().BeEmpty();
        second.Caller.All.Should().OnlyContain(call => call.Step == "a" && call.Command == CommandKind.Undo);
        await second.UntilAsync(() => !second.Caller.All.IsEmpty);
        (await EndingOfAsync(second, "p-a")).Should().ContainSingle(row => row.SagaId == id);
        (await second.Engine.DeleteAsync(id, "ann", CancellationToken.None).Soon()).Should().Be(DeleteOutcome.Deleted);
    }

    [Fact]
    public async Task A_rerun_names_the_first_saga_and_is_named_by_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var first = await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.Yes);

        var second = (await RerunAsync(rig, first, "key")).Should().BeOfType<StartOutcome.Started>().Subject.Saga;
        var again = (await RerunAsync(rig, first, "key")).Should().BeOfType<StartOutcome.AlreadyStarted>().Subject.Saga;
        (await rig.EndAsync(second.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);

        again.Start.SagaId.Should().Be(second.Start.SagaId);
        second.Start.RerunOf.Should().Be(first.Start.SagaId);
        ((Ended)(await rig.Engine.FindAsync(first.Start.SagaId, CancellationToken.None))!).RerunAs
            .Should().Equal(second.Start.SagaId);
        (await rig.Queries.HistoryAsync(first.Start.SagaId, CancellationToken.None))![^1]
            .Should().BeOfType<RerunRequested>().Which.Actor.Should().Be("ann");
        (await rig.Engine.RerunAsync(Rerun(rig, first, null), CancellationToken.None).Soon())
            .Should().BeOfType<RerunOutcome.Refused>().Which.Ruling.Code.Should().Be(VerbCodes.AlreadyRerun);
    }

    [Fact]
    public async Task A_rerun_in_whose_place_another_one_has_come_is_not_run_again()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var begun = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        var first = await rig.EndAsync(begun.Start.SagaId);
        var second = ((StartOutcome.Started)await RerunAsync(rig, first, "1")).Saga.Start.SagaId;
        await rig.EndAsync(second);
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.Yes);
        var third = ((StartOutcome.Started)await RerunAsync(rig, first, "2")).Saga.Start.SagaId;
        await rig.EndAsync(third);

        var superseded = (Ended)(await rig.Engine.FindAsync(second, CancellationToken.None))!;
        var outcome = await rig.Engine.RerunAsync(Rerun(rig, superseded, null), CancellationToken.None).Soon();

        var ruling = outcome.Should().BeOfType<RerunOutcome.Refused>().Subject.Ruling;
        ruling.Code.Should().Be(VerbCodes.AlreadyRerun);
        ruling.Text.Should().Contain(third, "the work was done there");
    }

    [Fact]
    public async Task Reruns_that_come_at_once_make_one_saga()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var first = await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);
        rig.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => rig.Engine.RerunAsync(Rerun(rig, first, null), CancellationToken.None))).Soon();

        outcomes.OfType<RerunOutcome.Started>().Should().ContainSingle();
        outcomes.OfType<RerunOutcome.Refused>().Should().HaveCount(7);
    }

    [Fact]
    public async Task Verbs_are_kept_in_the_history_with_who_and_why()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")))).Start.SagaId;

        await AcceptAsync(rig, id, new SagaVerb.Suspend { Actor = "ann", Reason = "one" });
        await AcceptAsync(rig, id, new SagaVerb.Resume { Actor = "bob", Reason = "two" });
        await AcceptAsync(rig, id, new SagaVerb.Resend { Actor = "cid", Reason = "three", Step = "a" });

        (await rig.Queries.HistoryAsync(id, CancellationToken.None))!.OfType<VerbRequested>()
            .Select(e => (e.Actor, e.Reason)).Should().Equal(("ann", "one"), ("bob", "two"), ("cid", "three"));
    }

    private static async Task<IReadOnlyList<EndingRow>> EndingOfAsync(EngineRig rig, string participant)
    {
        while (true)
        {
            var next = rig.Caller.NextEndingsAsync();
            await rig.UntilAsync(() => next.IsCompleted, TimeSpan.FromMilliseconds(50));
            if ((await next).Participant == participant) return (await next).Endings;
        }
    }

    private static RerunRequest Rerun(EngineRig rig, Ended first, string? key) => new()
    {
        SagaId = first.Start.SagaId,
        Actor = "ann",
        Start = rig.Request(first.Definition, key),
    };

    private static async Task<StartOutcome> RerunAsync(EngineRig rig, Ended first, string key) =>
        (await rig.Engine.RerunAsync(Rerun(rig, first, key), CancellationToken.None).Soon())
            .Should().BeOfType<RerunOutcome.Started>().Subject.Start;

    private static async Task AcceptAsync(EngineRig rig, string id, SagaVerb verb) =>
        (await rig.Engine.SubmitAsync(id, verb, CancellationToken.None).Soon())
            .Should().BeOfType<VerbOutcome.Accepted>();
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedVerbEngineStories() : VerbEngineStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprVerbEngineStories() : VerbEngineStories(EngineKind.Dapr);
