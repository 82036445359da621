using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>One verb on many sagas, through a whole engine.</summary>
public abstract class BatchStories(EngineKind kind)
{
    [Fact]
    public async Task A_cancel_of_many_undoes_each_and_says_what_became_of_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var sagas = await HeldAsync(rig, 20);
        var ended = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a") with { Name = "quick" }));
        await rig.EndAsync(ended.Start.SagaId);

        var preview = await rig.Batches.PreviewAsync(Cancel([.. sagas, ended.Start.SagaId, "nobody"]), default).Soon();
        var batch = await AcceptAsync(rig, Cancel([.. sagas, ended.Start.SagaId, "nobody"]));

        preview.Matching.Should().Be(22);
        preview.WouldDo.Should().Equal(new BatchEffect("undo 1 step", 20));
        preview.Refused.Select(line => (line.Code, line.Count)).Should().Equal(("finished", 1), ("not-found", 1));
        var done = await DoneAsync(rig, batch.Row.Id);
        done.Should().BeEquivalentTo(new { State = BatchState.Done, Total = 22L, Accepted = 20L, Refused = 2L });
        foreach (var saga in sagas)
            (await rig.EndAsync(saga)).Reason!.Code.Should().Be(ReasonCodes.Cancelled);
        var answers = await rig.BatchQueries.AnswersAsync(batch.Row.Id, null, null, 100, CancellationToken.None);
        answers.Items.Where(answer => answer.Fate == BatchFate.Refused).Select(answer => answer.Code)
            .Should().BeEquivalentTo("finished", "not-found");
    }

    [Fact]
    public async Task After_a_crash_in_the_middle_the_rest_is_done_and_nothing_twice()
    {
        await using var first = await EngineRig.StartAsync(kind);
        var sagas = await HeldAsync(first, 150);
        var batch = await AcceptAsync(first, Cancel(sagas));
        await first.UntilAsync(() => Find(first, batch.Row.Id).Accepted > 0);
        await first.CrashAsync();

        var held = new TaskCompletionSource<Answer>();
        var caller = new ScriptedCaller
        {
            Answers = call => call.Command == CommandKind.Do ? held.Task : Task.FromResult(ScriptedCaller.Yes),
        };
        await using var second = await EngineRig.StartAsync(kind, of: first, caller: caller);
        var done = await DoneAsync(second, batch.Row.Id, TimeSpan.FromMilliseconds(20));
        held.SetResult(ScriptedCaller.Yes);

        done.Should().BeEquivalentTo(new { Total = 150L, Refused = 0L, Failed = 0L, Accepted = 150L });
        foreach (var saga in sagas) await CancelledOnceAsync(second, saga, batch.Row.Id);
        (await AuditAsync(second, new AuditFilter { Verb = "cancel", Limit = 500 })).Should().HaveCount(150);
    }

    [Fact]
    public async Task A_request_that_comes_again_after_a_crash_finds_its_batch_although_nothing_matches_any_more()
    {
        await using var first = await EngineRig.StartAsync(kind);
        var sagas = await HeldAsync(first, 3);
        var request = Cancel(sagas) with { IdempotencyKey = "k", Digest = new byte[] { 1 } };
        var batch = await AcceptAsync(first, request);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(kind, of: first, caller: new ScriptedCaller());
        var again = await second.Batches.CreateAsync(
            request with { Ids = null, Filter = new SagaFilter { Definition = "none" } }, default).Soon();
        var other = await second.Batches.CreateAsync(request with { Digest = new byte[] { 2 } }, default).Soon();
        var elses = await second.Batches.CreateAsync(request with { Actor = "bob" }, default).Soon();

        again.Should().BeOfType<BatchOutcome.AlreadyAccepted>().Which.Batch.Row.Id.Should().Be(batch.Row.Id);
        other.Should().BeOfType<BatchOutcome.KeyReused>().Which.BatchId.Should().Be(batch.Row.Id);
        elses.Should().BeOfType<BatchOutcome.Accepted>();
    }

    [Fact]
    public async Task A_rerun_of_many_starts_each_once_however_often_the_engine_dies()
    {
        await using var first = await EngineRig.StartAsync(kind);
        var definition = await first.PutAsync(TestDefinitions.Of("a"));
        var sagas = new List<string>();
        for (var i = 0; i < 30; i++) sagas.Add((await first.BeginAsync(definition)).Start.SagaId);
        foreach (var saga in sagas) await first.EndAsync(saga);
        var request = Request(BatchVerbs.Rerun, sagas) with { Args = new BatchArgs { Force = true } };
        var batch = await AcceptAsync(first, request);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(kind, of: first, caller: new ScriptedCaller());
        var done = await DoneAsync(second, batch.Row.Id, TimeSpan.FromMilliseconds(20));

        done.Accepted.Should().Be(30);
        var all = await second.Queries.ListAsync(new SagaFilter { Limit = 500 }, CancellationToken.None);
        all.Items.Should().HaveCount(60);
    }

    [Fact]
    public async Task A_batch_that_is_stopped_leaves_the_rest_alone()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var sagas = await HeldAsync(rig, 150);
        var batch = await AcceptAsync(rig, Request(BatchVerbs.Suspend, sagas));

        var stopped = await rig.Batches.StopAsync(batch.Row.Id, "ben", "wrong ones", CancellationToken.None).Soon();
        var again = await rig.Batches.StopAsync(batch.Row.Id, "ben", null, CancellationToken.None).Soon();
        var none = await rig.Batches.StopAsync("none", "ben", null, CancellationToken.None).Soon();

        stopped.Should().BeOfType<StopOutcome.Stopped>();
        again.Should().BeOfType<StopOutcome.AlreadyEnded>();
        none.Should().BeOfType<StopOutcome.NotFound>();
        Find(rig, batch.Row.Id).State.Should().Be(BatchState.Stopped);
        Find(rig, batch.Row.Id).Accepted.Should().BeLessThan(150);
        var audit = await AuditAsync(rig, new AuditFilter { Actor = "ben" });
        audit.Should().ContainSingle().Which.Row.Should().BeEquivalentTo(
            new { Verb = "stop-batch", Target = batch.Row.Id, Reason = "wrong ones", Code = (string?)null });
    }

    [Fact]
    public async Task Who_may_not_use_the_verb_on_a_saga_is_refused_for_that_one_alone()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var mine = await HeldAsync(rig, 2);
        var others = await HeldAsync(rig, 2, "other");
        var request = Cancel([.. mine, .. others]) with { May = definition => definition == "other" };

        var preview = await rig.Batches.PreviewAsync(request, CancellationToken.None).Soon();
        var done = await DoneAsync(rig, (await AcceptAsync(rig, request)).Row.Id);

        preview.Refused.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Code = "forbidden", Count = 2 });
        done.Should().BeEquivalentTo(new { Accepted = 2L, Refused = 2L });
        foreach (var saga in mine)
            (await rig.Engine.FindAsync(saga, CancellationToken.None)).Should().BeOfType<Doing>();
    }

    [Fact]
    public async Task Ended_sagas_are_deleted_and_running_ones_are_not()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var ended = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a") with { Name = "quick" }));
        await rig.EndAsync(ended.Start.SagaId);
        var running = await HeldAsync(rig, 1);

        var request = Request(BatchVerbs.Delete, [ended.Start.SagaId, .. running]);
        var preview = await rig.Batches.PreviewAsync(request, CancellationToken.None).Soon();
        var done = await DoneAsync(rig, (await AcceptAsync(rig, request)).Row.Id);

        preview.WouldDo.Should().Equal(new BatchEffect("is deleted for good", 1));
        preview.Refused.Single().Code.Should().Be("still-running");
        done.Should().BeEquivalentTo(new { Accepted = 1L, Refused = 1L });
        (await rig.Engine.FindAsync(ended.Start.SagaId, CancellationToken.None)).Should().BeNull();
        var audit = await AuditAsync(rig, new AuditFilter { Saga = ended.Start.SagaId, Verb = "delete" });
        audit.Single().Row.Should().BeEquivalentTo(new { Actor = "ann", Reason = "outage", Definition = "quick" });
    }

    [Fact]
    public async Task A_filter_chooses_the_sagas_once_and_those_that_come_later_are_not_of_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        await HeldAsync(rig, 3);
        var request = Request(BatchVerbs.Suspend, null) with { Filter = new SagaFilter { Phase = SagaPhase.Doing } };

        var batch = await AcceptAsync(rig, request);
        var later = await HeldAsync(rig, 1);
        var done = await DoneAsync(rig, batch.Row.Id);

        done.Total.Should().Be(3);
        (await rig.Engine.FindAsync(later[0], CancellationToken.None))!.Suspended.Should().BeFalse();
        var nothing = request with { Filter = new SagaFilter { Definition = "nothing" } };
        (await rig.Batches.CreateAsync(nothing, CancellationToken.None).Soon())
            .Should().BeOfType<BatchOutcome.NothingMatches>();
    }

    [Fact]
    public async Task Every_verb_is_in_the_audit_list_with_what_it_changed()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var saga = (await HeldAsync(rig, 1))[0];
        var verb = new SagaVerb.Suspend { Actor = "ann", Reason = "look first" };
        (await rig.Engine.SubmitAsync(saga, verb, CancellationToken.None).Soon())
            .Should().BeOfType<VerbOutcome.Accepted>();

        var audit = await AuditAsync(rig, new AuditFilter());

        audit.Select(entry => entry.Row.Verb).Should().Equal("suspend", "put-definition");
        var row = audit[0].Row;
        row.Should().BeEquivalentTo(new { Actor = "ann", Reason = "look first", Target = saga, Code = (string?)null });
        row.Before.Should().Contain("\"suspended\":false");
        row.After.Should().Contain("\"suspended\":true");
        audit[1].Row.Should().BeEquivalentTo(
            new { Actor = "ann", Kind = AuditKind.Definition, Before = (string?)null, After = """{"version":1}""" });
    }

    private static async Task CancelledOnceAsync(EngineRig rig, string saga, string batch)
    {
        await rig.EndAsync(saga);
        var history = await rig.Queries.HistoryAsync(saga, CancellationToken.None);
        history!.OfType<CancelRequested>().Should().ContainSingle().Which.Batch.Should().Be(batch);
    }

    private static async Task<IReadOnlyList<AuditEntry>> AuditAsync(EngineRig rig, AuditFilter filter) =>
        (await rig.Audit.ListAsync(filter, CancellationToken.None)).Items;

    private static BatchSummary Find(EngineRig rig, string id) =>
        rig.BatchQueries.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult()!;

    private static async Task<BatchSummary> DoneAsync(EngineRig rig, string id, TimeSpan? step = null)
    {
        await rig.UntilAsync(() => Find(rig, id).EndedAt is not null, step);
        return Find(rig, id);
    }

    private static async Task<BatchSummary> AcceptAsync(EngineRig rig, BatchRequest request) =>
        (await rig.Batches.CreateAsync(request, CancellationToken.None).Soon())
            .Should().BeOfType<BatchOutcome.Accepted>().Subject.Batch;

    private static BatchRequest Cancel(IReadOnlyList<string> ids) => Request(BatchVerbs.Cancel, ids);

    private static BatchRequest Request(string verb, IReadOnlyList<string>? ids) => new()
    {
        Ids = ids,
        Chosen = "{}",
        Verb = verb,
        Args = new BatchArgs(),
        Actor = "ann",
        Reason = "outage",
        May = _ => true,
    };

    /// <summary>Sagas whose only do nobody answers.</summary>
    private static async Task<IReadOnlyList<string>> HeldAsync(EngineRig rig, int count, string name = "held")
    {
        rig.Caller.Answers = call => call is { Command: CommandKind.Do, Definition: not "quick" }
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a") with { Name = name });
        var sagas = new List<string>();
        for (var i = 0; i < count; i++) sagas.Add((await rig.BeginAsync(definition)).Start.SagaId);
        await rig.UntilAsync(() => rig.Caller.All.Count >= Math.Min(count, ParticipantEntry.DefaultConcurrency));
        return sagas;
    }
}

/// <summary>See <see cref="BatchStories" />.</summary>
public sealed class EmbeddedBatchStories() : BatchStories(EngineKind.Embedded);

/// <summary>See <see cref="BatchStories" />.</summary>
public sealed class DaprBatchStories() : BatchStories(EngineKind.Dapr);
