using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;
using static Orchestrator.Tests.Sharing.TakeOverStories;

namespace Orchestrator.Tests.Sharing;

/// <summary>Two engines on one PostgreSQL database; one cannot go on, and nothing of what it had is lost.</summary>
public sealed class LostOwnerStories
{
    private const EngineKind Kind = EngineKind.EmbeddedOnPostgres;

    [Fact]
    public async Task What_an_engine_has_that_stopped_by_a_bug_goes_on_with_another_although_its_process_lives()
    {
        BrokenStore store = null!;
        await using var one = await EngineRig.StartAsync(Kind, store: inner => store = new BrokenStore(inner));
        one.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        var saga = await one.BeginAsync(definition);
        await one.Caller.NextAsync();
        await using var two = await EngineRig.StartAsync(Kind, of: one, caller: new ScriptedCaller());
        for (var i = 0; i < 4; i++) await BeatAsync(two, 2);

        store.HasBug = true;
        await one.Engine.StartAsync(one.Request(definition), CancellationToken.None).Soon();
        await UntilAsync(two, 1, () => two.Health.Figures.Completed == 1);

        one.Health.Dead.Should().NotBeNull();
        (await two.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
    }

    [Fact]
    public async Task Endings_that_are_being_taken_over_are_told_also_when_others_are_told_meanwhile()
    {
        var held = new TaskCompletionSource();
        var claiming = new PausedOwner();
        var one = await EngineRig.StartAsync(Kind);
        one.Caller.TakesEndings = _ => false;
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        var other = await one.PutAsync(TestDefinitions.Of("b") with { Name = "other" });
        var saga = (await one.EndAsync((await one.BeginAsync(other)).Start.SagaId)).Start.SagaId;
        await using var two = await EngineRig.StartAsync(
            Kind, of: one, caller: new ScriptedCaller(), store: claiming.Of, shared: claiming.Of);
        claiming.ClaimAnswers = held.Task;
        var before = claiming.Claims;
        await one.CrashAsync();
        await UntilAsync(two, 1, () => claiming.Claims > before);

        // The ending is this engine's and it does not know it yet. It tells another participant of its own: when the
        // second is told, what follows the first one waits to be written, and the third commit has it.
        for (var i = 0; i < 3; i++) await TellAsync();
        held.SetResult();
        var late = await NextAsync();
        // After a claim everything stored is looked through once more, so its own may be told again.
        while (late.Participant == "p-a") late = await NextAsync();

        late.Participant.Should().Be("p-b");
        late.Endings.Should().ContainSingle().Which.SagaId.Should().Be(saga);
        Directory.Delete(one.Folder, recursive: true);

        async Task TellAsync()
        {
            var own = (await two.EndAsync((await two.BeginAsync(definition)).Start.SagaId)).Start.SagaId;
            (await NextAsync()).Endings.Should().ContainSingle().Which.SagaId.Should().Be(own);
        }

        async Task<(string Participant, IReadOnlyList<EndingRow> Endings)> NextAsync()
        {
            var told = two.Caller.NextEndingsAsync();
            await UntilAsync(two, 1, () => told.IsCompleted);
            return await told;
        }
    }
}
