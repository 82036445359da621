using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>A killed engine, and the next one on the same folder.</summary>
public abstract class CrashStories(EngineKind kind)
{
    [Fact]
    public async Task Every_call_without_an_answer_goes_out_again_with_its_id_and_its_bytes()
    {
        var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = call =>
            call.Step == "b" ? new TaskCompletionSource<Answer>().Task : Task.FromResult(ScriptedCaller.Yes);
        var definition = await first.PutAsync(TestDefinitions.Of("a", "b"));
        var outcome = await first.Engine.StartAsync(
            first.Request(definition, input: " {\"n\" : 1}\n"), CancellationToken.None).Soon();
        var saga = outcome.Should().BeOfType<StartOutcome.Started>().Subject.Saga;
        await first.Caller.NextAsync();
        var sent = await first.Caller.NextAsync();
        await first.CrashAsync();

        var caller = new ScriptedCaller();
        await using (var second = await EngineRig.StartAsync(kind, of: first, caller: caller))
        {
            var resent = await caller.NextAsync();
            // Each try is a span of its own where anybody in this process listens to spans, as other tests do.
            (resent with { TraceParent = null }).Should().Be(sent with { TraceParent = null });
            resent.Data.Should().Be(sent.Data).And.Be(JsonData.FromText("{\"n\" : 1}"));
            (await second.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task An_expiry_that_passed_while_nothing_ran_compensates_at_the_next_start()
    {
        var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("a")));
        await first.Caller.NextAsync();
        await first.CrashAsync();
        first.Time.Advance(TimeSpan.FromMinutes(2));

        await using (var second = await EngineRig.StartAsync(kind, of: first, caller: new ScriptedCaller()))
        {
            var ended = await second.EndAsync(saga.Start.SagaId);
            ended.End.Outcome.Should().Be(SagaOutcome.Compensated);
            ended.Reason!.Code.Should().Be(ReasonCodes.Deadline);
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task A_crash_at_any_point_leaves_every_saga_with_one_outcome_and_one_answer_per_step()
    {
        var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b", "c"));
        var ids = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            var stopAfter = round * 7;
            var seen = 0;
            rig.Caller.Answers = _ => Interlocked.Increment(ref seen) > stopAfter
                ? new TaskCompletionSource<Answer>().Task
                : Task.FromResult(ScriptedCaller.Yes);
            for (var i = 0; i < 5; i++) ids.Add((await rig.BeginAsync(definition)).Start.SagaId);
            await rig.CrashAsync();
            rig = await EngineRig.StartAsync(
                kind, of: rig, caller: new ScriptedCaller { Answers = rig.Caller.Answers });
        }

        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.Yes);
        await rig.CrashAsync();
        var folder = rig.Folder;
        await using (var last = await EngineRig.StartAsync(kind, of: rig, caller: new ScriptedCaller()))
        {
            foreach (var id in ids)
            {
                (await last.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
                var history = await last.Queries.HistoryAsync(id, CancellationToken.None);
                history!.OfType<SagaEnded>().Should().ContainSingle();
                history!.OfType<CallAnswered>().Should().HaveCount(6);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_clean_stop_records_the_answers_of_calls_under_way()
    {
        var first = await EngineRig.StartAsync(kind);
        var held = new TaskCompletionSource<Answer>();
        first.Caller.Answers = _ => held.Task;
        var saga = await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("a", "b")));
        await first.Caller.NextAsync();

        var stopping = first.Host.StopAsync(CancellationToken.None);
        held.SetResult(ScriptedCaller.Yes);
        await stopping.Soon();
        (await first.Engine.StartAsync(first.Request(first.Catalog.Find("test")!), CancellationToken.None).Soon())
            .Should().BeOfType<StartOutcome.Unavailable>();
        await first.CrashAsync();

        var caller = new ScriptedCaller();
        await using (var second = await EngineRig.StartAsync(kind, of: first, caller: caller))
        {
            (await caller.NextAsync()).Step.Should().Be("b", "the answer of a was recorded");
            await second.EndAsync(saga.Start.SagaId);
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_participant_that_is_silent()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        rig.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();
        var began = rig.Time.GetUtcNow();

        var stopping = rig.Host.StopAsync(CancellationToken.None);
        await rig.UntilAsync(() => stopping.IsCompleted, TimeSpan.FromMilliseconds(100));

        (rig.Time.GetUtcNow() - began).Should().BeLessThan(TimeSpan.FromSeconds(8));
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedCrashStories() : CrashStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprCrashStories() : CrashStories(EngineKind.Dapr);
