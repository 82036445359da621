using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Embedded;

/// <summary>What goes out to the broker, and that it goes on going out.</summary>
public sealed class EventStories
{
    [Theory]
    [InlineData(EngineKind.Embedded)]
    [InlineData(EngineKind.Dapr)]
    [InlineData(EngineKind.EmbeddedOnPostgres)]
    public async Task A_fact_of_a_saga_with_secrets_tells_no_words(EngineKind kind)
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        await rig.BeginAsync(await rig.PutAsync(BrokerStories.Definition("a") with { Secret = ["$.input.card"] }));

        await BrokerStories.AnswerAsync(
            rig, await rig.Broker!.NextAsync(), 409, "refused", """{"code":"refused","detail":"no to 4111"}""");

        await rig.Broker.NextFactAsync();
        var fact = await rig.Broker.NextFactAsync();
        fact.Type.Should().Be("saga.compensated");
        fact.Data.ToString().Should().Contain("\"code\":\"refused\"").And.NotContain("4111");
    }

    [Theory]
    [InlineData(EngineKind.Embedded)]
    [InlineData(EngineKind.Dapr)]
    [InlineData(EngineKind.EmbeddedOnPostgres)]
    public async Task A_bug_in_what_sends_events_is_told_and_the_next_round_sends_them(EngineKind kind)
    {
        var isBroken = true;
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker
        {
            Fates = _ => isBroken ? throw new InvalidOperationException("a bug") : PublishFate.Accepted,
        });
        var saga = await rig.BeginAsync(await rig.PutAsync(BrokerStories.Definition("a")));
        await rig.UntilAsync(() => !rig.Broker!.Tried.IsEmpty);

        isBroken = false;
        var command = $"{saga.Start.SagaId}/a/do";
        await rig.UntilAsync(() => rig.Broker!.Tried.Any(row => row.Id == command), BrokerStories.Step);

        (await rig.Broker!.NextAsync())["sagaid"].Should().Be(saga.Start.SagaId);
        lock (rig.Logs) rig.Logs.Should().Contain(line => line.Contains("events for the broker"));
    }
}
