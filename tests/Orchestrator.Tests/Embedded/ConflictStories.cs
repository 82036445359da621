using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>
/// One saga's row can never be written, by a bug or by somebody's hand in the store: all others go on.
/// </summary>
public sealed class ConflictStories
{
    private const int Others = 30;

    [Fact]
    public async Task A_row_that_breaks_a_rule_of_the_store_stops_its_own_saga_and_nobody_else()
    {
        BrokenStore store = null!;
        var held = new TaskCompletionSource<Answer>();
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Embedded, store: inner => store = new BrokenStore(inner));
        rig.Caller.Answers = call => call.Step == "a" ? held.Task : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));
        var before = await BeginAllAsync(rig, definition);
        var culprit = await rig.BeginAsync(definition);
        var after = await BeginAllAsync(rig, definition);
        await TakeNextSeqAsync(rig, culprit);

        // All answers and a start gather behind a commit that waits, so that they come into one batch.
        await store.Gate.WaitAsync();
        var started = rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None);
        held.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Health.Figures.Participants.Single(p => p.Name == "p-a").UnderWay == 0);
        var late = rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None);
        store.Gate.Release();

        foreach (var id in before.Concat(after))
            (await rig.EndAsync(id)).End.Outcome.Should().Be(SagaOutcome.Completed);
        foreach (var start in new[] { await started.Soon(), await late.Soon() })
            (await rig.EndAsync(start.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start.SagaId))
                .End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Health.NotReady.Should().BeNull();
        rig.Logs.Should().Contain(line => line.StartsWith("Critical", StringComparison.Ordinal));
        (await rig.Engine.FindAsync(culprit.Start.SagaId, CancellationToken.None)).Should().BeOfType<Doing>();
    }

    [Fact]
    public async Task A_verb_on_a_saga_that_was_read_anew_meanwhile_is_to_be_sent_again()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        rig.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var saga = LiveSaga.Of(1, await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a"))));
        var work = new VerbWork(saga, new SagaVerb.Cancel { Actor = "ann" });

        saga.LetGo();
        work.Add(new TurnBatch(), new LiveSagas());

        (await work.Done).Should().BeOfType<VerbOutcome.Unavailable>("it is there, and a 404 would be untrue");
    }

    private static async Task<List<string>> BeginAllAsync(EngineRig rig, SagaDefinition definition)
    {
        var ids = new List<string>();
        for (var n = 0; n < Others; n++) ids.Add((await rig.BeginAsync(definition)).Start.SagaId);
        return ids;
    }

    /// <summary>Somebody else writes the turn that comes next.</summary>
    private static async Task TakeNextSeqAsync(EngineRig rig, StartedSaga saga)
    {
        await using var connection = new SqliteConnection($"Data Source={rig.File};Pooling=False");
        await connection.ExecuteAsync(
            """
            INSERT INTO history (no, saga, seq, count, body)
            SELECT 1000000000, no, @Version, 1, x'5b5d' FROM sagas WHERE id = @SagaId
            """,
            new { saga.Version, saga.Start.SagaId });
    }
}
