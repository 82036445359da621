using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;
using static Orchestrator.Tests.Sharing.TakeOverStories;

namespace Orchestrator.Tests.Sharing;

/// <summary>Two engines on one PostgreSQL database do the same at once, or one after the other.</summary>
public sealed class TwoAtOnceStories
{
    [Theory]
    [InlineData("k", "k")]
    [InlineData("k", "l")]
    [InlineData(null, null)]
    public async Task Reruns_of_one_saga_at_two_engines_at_once_make_one_saga(string? oneKey, string? twoKey)
    {
        await using var one = await StartAsync();
        var definition = await one.PutAsync(TestDefinitions.Of("a"));
        await using var two = await StartAsync(of: one);
        for (var i = 0; i < 12; i++)
        {
            one.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
            var first = await one.EndAsync((await one.BeginAsync(definition)).Start.SagaId);
            // After one that was undone another one would be taken, so none may end meanwhile.
            var held = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
            one.Caller.Answers = _ => held.Task;
            RerunRequest Wish(EngineRig at, string? key) => new()
            {
                SagaId = first.Start.SagaId,
                Actor = "ann",
                Start = at.Request(definition, key is null ? null : key + i),
            };

            var outcomes = await Task.WhenAll(
                one.Engine.RerunAsync(Wish(one, oneKey), CancellationToken.None),
                two.Engine.RerunAsync(Wish(two, twoKey), CancellationToken.None)).Soon();

            var started = outcomes.OfType<RerunOutcome.Started>().Select(each => each.Start).ToList();
            var made = started.OfType<StartOutcome.Started>().Select(IdOf).Should().ContainSingle().Subject;
            if (oneKey is not null && oneKey == twoKey) started.Select(IdOf).Should().Equal(made, made);
            else
                outcomes.OfType<RerunOutcome.Refused>().Should().ContainSingle()
                    .Which.Ruling.Code.Should().Be(VerbCodes.AlreadyRerun);
            var linked = (Ended)(await two.Engine.FindAsync(first.Start.SagaId, CancellationToken.None))!;
            linked.RerunAs.Should().Equal(made);
            held.SetResult(ScriptedCaller.Yes);
        }

        var all = await two.Queries.ListAsync(new SagaFilter { Limit = 200 }, CancellationToken.None);
        all.Items.Should().HaveCount(24, "each was run again once");
    }

    [Fact]
    public async Task What_a_broker_did_not_take_before_others_took_over_does_not_keep_the_next_events_back()
    {
        var paused = new PausedOwner();
        var broker = new ScriptedBroker { Fates = _ => PublishFate.Unreachable };
        await using var one = await EngineRig.StartAsync(
            EngineKind.EmbeddedOnPostgres, broker: broker, store: paused.Of, shared: paused.Of);
        var definition = TestDefinitions.Of("a");
        definition = await one.PutAsync(definition with
        {
            Participants = [.. definition.Participants.Select(each => each with { ViaPubSub = true })],
        });
        await one.BeginAsync(definition);
        await UntilAsync(one, 1, () => broker.Tried.Any(row => row.Type == "saga.step.do"));
        await using var two = await EngineRig.StartAsync(
            EngineKind.EmbeddedOnPostgres, of: one, broker: new ScriptedBroker());
        paused.Pause();
        await UntilAsync(two, 1, () => two.Broker!.Tried.Any(row => row.Type == "saga.step.do"));
        for (var i = 0; i < 60; i++) await BeatAsync(two, 1);

        broker.Fates = _ => PublishFate.Accepted;
        paused.Resume();
        await UntilAsync(one, 2, () => one.Health.Figures.CommitFailures > 0 && one.Health.NotReady is null);
        var next = await one.BeginAsync(definition);
        await UntilAsync(one, 2, () => broker.Tried.Any(row => row.Id == $"{next.Start.SagaId}/a/do"));

        one.Logs.Should().NotContain(line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    private static Task<EngineRig> StartAsync(EngineRig? of = null) =>
        EngineRig.StartAsync(EngineKind.EmbeddedOnPostgres, of: of);
}
