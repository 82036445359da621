using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>Sagas from start to end through the embedded engine on SQLite.</summary>
public abstract class EngineStories(EngineKind kind)
{
    [Fact]
    public async Task A_saga_whose_participants_say_yes_is_completed()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b", "c"));

        var started = await rig.BeginAsync(definition);
        var ended = await rig.EndAsync(started.Start.SagaId);

        ended.End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Caller.All.Select(call => CallNames.Of(call.Step, call.Command)).Should()
            .StartWith(["a/do", "b/do", "c/do"]).And.HaveCount(6);
    }

    [Fact]
    public async Task A_refused_step_compensates_the_one_before_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => Task.FromResult(
            call is { Step: "b", Command: CommandKind.Do } ? ScriptedCaller.No : ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));

        var ended = await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);

        ended.End.Outcome.Should().Be(SagaOutcome.Compensated);
        ended.Reason!.Code.Should().Be(ReasonCodes.Refused);
    }

    [Fact]
    public async Task A_finished_saga_is_read_back_from_the_store_as_it_ended()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var ended = await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);

        var read = await rig.Engine.FindAsync(ended.Start.SagaId, CancellationToken.None);

        read.Should().BeOfType<Ended>().Which.Should().BeEquivalentTo(ended);
        var history = await rig.Queries.HistoryAsync(ended.Start.SagaId, CancellationToken.None);
        history.Should().HaveCount(ended.Version);
    }

    [Fact]
    public async Task The_deadline_compensates_a_saga_whose_participant_is_silent()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var silent = new TaskCompletionSource<Answer>();
        rig.Caller.Answers = call => call.Command == CommandKind.Do ? silent.Task : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var saga = await rig.BeginAsync(definition);

        await rig.UntilAsync(
            () => rig.Health.Figures.Compensated == 1, step: TimeSpan.FromSeconds(10));

        var ended = await rig.EndAsync(saga.Start.SagaId);
        ended.Reason!.Code.Should().Be(ReasonCodes.Deadline);
    }

    [Fact]
    public async Task A_saga_in_doubt_is_counted_with_its_age_until_the_confirmed_participant_has_undone()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var up = false;
        rig.Caller.Answers = call => Task.FromResult((call.Step, call.Command) switch
        {
            ("b", CommandKind.Confirm) => ScriptedCaller.No,
            ("a", CommandKind.Undo) when !Volatile.Read(ref up) => ScriptedCaller.Down,
            _ => ScriptedCaller.Yes,
        });
        await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")));
        await rig.UntilAsync(() => rig.Health.Figures.InDoubt == 1);

        rig.Time.Advance(TimeSpan.FromMinutes(2));

        rig.Health.Figures.OldestInDoubtAge.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(2));
        Volatile.Write(ref up, true);
        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, TimeSpan.FromSeconds(1));
        rig.Health.Figures.OldestInDoubtAge.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_cancelled_saga_is_compensated_and_names_who_cancelled_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = call => call.Command == CommandKind.Do
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));

        var verb = new SagaVerb.Cancel { Actor = "ann", Reason = "changed my mind" };
        var outcome = await rig.Engine.SubmitAsync(saga.Start.SagaId, verb, CancellationToken.None).Soon();

        outcome.Should().BeOfType<VerbOutcome.Accepted>();
        var ended = await rig.EndAsync(saga.Start.SagaId);
        ended.Reason!.Actor.Should().Be("ann");
        (await rig.Engine.SubmitAsync(saga.Start.SagaId, verb, CancellationToken.None).Soon())
            .Should().BeOfType<VerbOutcome.Refused>().Which.Ruling.Code.Should().Be(VerbCodes.Finished);
    }

    [Fact]
    public async Task A_suspended_saga_is_listed_as_such_and_goes_on_after_the_resume_also_across_a_crash()
    {
        await using var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var id = (await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("a", "b")))).Start.SagaId;
        var suspend = new SagaVerb.Suspend { Actor = "ann", Reason = "stocktaking" };
        (await first.Engine.SubmitAsync(id, suspend, CancellationToken.None).Soon())
            .Should().BeOfType<VerbOutcome.Accepted>();
        (await first.Queries.ListAsync(new SagaFilter(), CancellationToken.None))
            .Items.Should().ContainSingle(saga => saga.Suspended);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(kind, of: first, caller: new ScriptedCaller());
        (await second.Engine.FindAsync(id, CancellationToken.None))!.Suspended.Should().BeTrue();
        await second.Engine.SubmitAsync(id, new SagaVerb.Resume { Actor = "bob" }, CancellationToken.None).Soon();

        (await second.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        (await second.Queries.ListAsync(new SagaFilter(), CancellationToken.None))
            .Items.Should().ContainSingle(saga => !saga.Suspended);
    }

    [Fact]
    public async Task A_verb_for_a_saga_nobody_knows_is_not_found()
    {
        await using var rig = await EngineRig.StartAsync(kind);

        var outcome = await rig.Engine.SubmitAsync("nobody", new SagaVerb.Retry { Actor = "ann" }, CancellationToken.None);

        outcome.Should().BeOfType<VerbOutcome.NotFound>();
        (await rig.Engine.FindAsync("nobody", CancellationToken.None)).Should().BeNull();
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedEngineStories() : EngineStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprEngineStories() : EngineStories(EngineKind.Dapr);
