using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>
/// Participants over a broker: what is sent, what counts as an answer, and what a broker that is away costs.
/// </summary>
public abstract class BrokerStories(EngineKind kind)
{
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_saga_goes_over_the_broker_and_its_facts_are_told()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        var id = saga.Start.SagaId;

        var command = await rig.Broker!.NextAsync();
        command.Type.Should().Be("saga.step.do");
        (command["id"], command["sagaid"], command["sagastep"]).Should().Be(($"{id}/a/do", id, "a"));
        (command["sagaaction"], command["sagakind"], command["sagaattempt"]).Should().Be(("a", "compensatable", "1"));
        (command["expirytime"], command["sagaremaining"]).Should().Be(("2026-01-31T12:01:00.000Z", "60000"));
        command.Data.ToString().Should().Be("{}");
        (await AnswerAsync(rig, command, 200, "held", """{"r":1}""")).Should().Be(ReplyFate.Taken);
        command = await rig.Broker.NextAsync();
        command.Type.Should().Be("saga.step.confirm");
        await AnswerAsync(rig, command, 200, "confirmed");

        var ended = await rig.EndAsync(id);
        ended.End.Outcome.Should().Be(SagaOutcome.Completed);
        ended.Steps[0].Output.ToString().Should().Be("""{"r":1}""");
        var started = await rig.Broker.NextFactAsync();
        (started.Type, started["expirytime"]).Should().Be(("saga.started", "2026-01-31T12:01:00.000Z"));
        started.Data.ToString().Should().Contain("\"participants\":[\"p-a\"]").And.Contain($"\"id\":\"{id}\"");
        (await rig.Broker.NextFactAsync()).Type.Should().Be("saga.completed");
        await rig.UntilAsync(() => rig.Broker.Tried.Any(row => row.Type == "saga.ended"), Step);
    }

    [Fact]
    public async Task A_refusal_over_the_broker_compensates_and_is_told_as_a_fact()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));

        await AnswerAsync(rig, await rig.Broker!.NextAsync(), 409, "refused", """{"code":"refused","detail":"no stock"}""");

        var ended = await rig.EndAsync(saga.Start.SagaId);
        ended.End.Outcome.Should().Be(SagaOutcome.Compensated);
        await rig.Broker.NextFactAsync();
        var fact = await rig.Broker.NextFactAsync();
        fact.Type.Should().Be("saga.compensated");
        fact.Data.ToString().Should().Contain("no stock");
    }

    [Fact]
    public async Task An_answer_nobody_waits_for_is_counted_and_changes_nothing()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        await rig.Broker!.NextAsync();

        var fate = await rig.Replies.TakeAsync(
            ScriptedBroker.Reply("no-such-saga/a/do", 200, "held"), CancellationToken.None);

        fate.Should().Be(ReplyFate.Taken);
        rig.Health.Figures.UnexpectedReplies.Should().Be(1);
        (await rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None))!.Version.Should().Be(saga.Version);
    }

    [Theory]
    [InlineData("saga.step.do", "x", "200")]
    [InlineData("saga.step.replied", null, "200")]
    [InlineData("saga.step.replied", "x", "yes")]
    [InlineData("saga.step.replied", "x", "99")]
    public async Task What_is_no_answer_is_dropped(string type, string? command, string status)
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        using var writer = new StructuredEventWriter(type, "e", "/", DateTimeOffset.UnixEpoch);
        writer.Add("sagacommand", command);
        writer.Add("sagastatus", status);

        var read = StructuredEvent.Read(writer.End(JsonData.Null)).Event!;

        (await rig.Replies.TakeAsync(read, CancellationToken.None)).Should().Be(ReplyFate.Dropped);
    }

    [Fact]
    public async Task A_command_without_an_answer_is_sent_again_with_its_id_and_any_answer_to_it_counts()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        var first = await rig.Broker!.NextAsync();

        await rig.UntilAsync(() => rig.Broker.Tried.Count(row => row.Id == first["id"]) == 2, Step);
        var second = await rig.Broker.NextAsync();
        (ScriptedBroker.AttemptOf(second), second["id"]).Should().Be((2, first["id"]));
        await AnswerAsync(rig, first, 200, "held");

        (await rig.Broker.NextAsync()).Type.Should().Be("saga.step.confirm");
        (await rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None))!.Steps[0].Output.Should().NotBeNull();
    }

    [Fact]
    public async Task An_answer_that_comes_between_two_attempts_is_taken_by_the_next_one()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        var first = await rig.Broker!.NextAsync();
        rig.Time.Advance(TestDefinitions.Retry.Timeout);
        await rig.UntilAsync(() => Now(rig, saga)?.Version > saga.Version);

        (await AnswerAsync(rig, first, 200, "held")).Should().Be(ReplyFate.Taken);
        await rig.UntilAsync(
            () => Now(rig, saga)?.Steps[0].Output is not null, Step);

        rig.Broker.Tried.Count(row => row.Id == first["id"]).Should().Be(1, "the second attempt had its answer already");
    }

    [Fact]
    public async Task What_the_broker_did_not_take_is_sent_after_a_crash_in_its_order()
    {
        var first = await EngineRig.StartAsync(
            kind, broker: new ScriptedBroker { Fates = _ => PublishFate.Unreachable });
        var saga = await first.BeginAsync(await first.PutAsync(Definition("a")));
        await first.UntilAsync(
            () => first.Broker!.Tried.Any(row => row.Id.EndsWith("/a/do", StringComparison.Ordinal)), Step);
        await first.CrashAsync();
        await using var second = await EngineRig.StartAsync(kind, of: first, broker: new ScriptedBroker());

        var command = await second.Broker!.NextAsync();
        await AnswerAsync(second, command, 200, "held");
        await AnswerAsync(second, await SkipAsync(second, "saga.step.do"), 200, "confirmed");

        (await second.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        (await second.Broker.NextFactAsync()).Type.Should().Be("saga.started");
        (await second.Broker.NextFactAsync()).Type.Should().Be("saga.completed");
    }

    [Fact]
    public async Task A_broker_that_is_away_until_the_deadline_costs_the_saga_and_nothing_else()
    {
        var isAway = true;
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker
        {
            Fates = _ => isAway ? PublishFate.Unreachable : PublishFate.Accepted,
        });
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        await rig.UntilAsync(
            () => Now(rig, saga)?.Phase() == SagaPhase.Compensating,
            TimeSpan.FromSeconds(1));

        isAway = false;
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.UntilAsync(
            () => rig.Broker!.Tried.Any(row => row.Id.EndsWith("/undo", StringComparison.Ordinal)), Step);

        var types = new List<string?>();
        while (types.Count == 0 || types[^1] != "saga.step.undo") types.Add((await rig.Broker!.NextAsync()).Type);
        types[0].Should().Be("saga.step.do", "what is late comes in its order");
    }

    [Fact]
    public async Task An_event_that_is_turned_away_holds_up_only_those_behind_it()
    {
        await using var rig = await EngineRig.StartAsync(kind, broker: new ScriptedBroker());
        var big = (await rig.BeginAsync(await rig.PutAsync(Definition("a")))).Start.SagaId;
        await rig.Broker!.NextAsync();
        rig.Broker.Fates = row => row.SagaId == big ? PublishFate.Refused : PublishFate.Accepted;
        await rig.UntilAsync(() => rig.Broker.Tried.Count(row => row.Id == $"{big}/a/do") > 1, Step);

        var small = (await rig.BeginAsync(await rig.PutAsync(Definition("a")))).Start.SagaId;

        (await rig.Broker.NextAsync())["sagaid"].Should().Be(small);
    }

    [Fact]
    public async Task A_broker_that_is_not_configured_is_told_once_and_asked_seldom_until_somebody_helps()
    {
        await using var rig = await EngineRig.StartAsync(
            kind, broker: new ScriptedBroker { Fates = _ => PublishFate.NotConfigured });
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        await rig.UntilAsync(() => rig.Health.Warning is not null);
        var since = rig.Time.GetUtcNow();

        await rig.UntilAsync(() => rig.Time.GetUtcNow() - since > TimeSpan.FromSeconds(20), Step);

        rig.Health.NotReady.Should().BeNull("sagas with participants at an address need no broker");
        rig.Broker!.Tried.GroupBy(row => row.Id).Should().OnlyContain(tries => tries.Count() == 1);
        lock (rig.Logs) rig.Logs.Count(line => line.Contains("the test says so", StringComparison.Ordinal)).Should().Be(1);

        rig.Broker.Fates = _ => PublishFate.Accepted;
        await rig.UntilAsync(() => rig.Health.Warning is null, Step);
        (await rig.Broker.NextFactAsync())["sagaid"].Should().Be(saga.Start.SagaId);
        (await rig.Broker.NextAsync()).Type.Should().Be("saga.step.do");
    }

    [Fact]
    public async Task Facts_that_nobody_takes_stop_at_their_limit_and_commands_never()
    {
        var options = new EngineOptions { MaxFactsWaiting = 2 };
        var first = await EngineRig.StartAsync(
            kind, options: options, broker: new ScriptedBroker { Fates = _ => PublishFate.NotConfigured });
        var definition = await first.PutAsync(Definition("a"));
        for (var i = 0; i < 5; i++) await first.BeginAsync(definition);
        await first.UntilAsync(() => first.Health.Figures is { FactsWaiting: 2, FactsLeftOut: 3 });
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(
            kind, of: first, options: options, broker: new ScriptedBroker());
        await second.UntilAsync(
            () => second.Broker!.Tried.Where(row => row.Type == "saga.step.do").Select(row => row.SagaId).Distinct()
                .Count() == 5, Step);
        await second.UntilAsync(() => second.Health.Figures.FactsWaiting == 0, Step);

        second.Broker!.Tried.Count(row => row.Type == "saga.started").Should().Be(2);
    }

    internal static SagaDefinition Definition(params string[] steps)
    {
        var definition = TestDefinitions.Of(steps);
        return definition with
        {
            Participants = [.. definition.Participants.Select(
                participant => participant with { ViaPubSub = true, Url = new Uri("http://127.0.0.1:1") })],
        };
    }

    /// <summary>The saga as it is in memory; null while an engine whose lease ran out takes it over again.</summary>
    private static StartedSaga? Now(EngineRig rig, StartedSaga saga)
    {
        var found = rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None);
        if (rig.Database is null) found.IsCompletedSuccessfully.Should().BeTrue();
        return found.IsCompletedSuccessfully ? found.Result : null;
    }

    internal static Task<ReplyFate> AnswerAsync(
        EngineRig rig, StructuredEvent command, int status, string state, string data = "{}") =>
        rig.Replies.TakeAsync(ScriptedBroker.Reply(command["id"]!, status, state, data), CancellationToken.None).Soon();

    private static async Task<StructuredEvent> SkipAsync(EngineRig rig, string type)
    {
        while (true)
        {
            var next = await rig.Broker!.NextAsync();
            if (next.Type != type) return next;
        }
    }
}

/// <summary>On the embedded engine: there what was answered is recorded once it is in our own store.</summary>
public sealed class EmbeddedBrokerStories() : BrokerStories(EngineKind.Embedded)
{
    [Fact]
    public async Task An_answer_is_acknowledged_only_once_it_is_on_disk()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Embedded, broker: new ScriptedBroker(), store: inner => store = new BrokenStore(inner));
        var saga = await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        var command = await rig.Broker!.NextAsync();

        store.FailsWith = "The disk is full.";
        var delivery = AnswerAsync(rig, command, 200, "held");
        await rig.UntilAsync(() => rig.Health.NotReady is not null);
        delivery.IsCompleted.Should().BeFalse();
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);

        (await delivery.Soon()).Should().Be(ReplyFate.Taken);
        (await rig.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None))!.Steps[0].Output.Should().NotBeNull();
    }

    [Fact]
    public async Task An_answer_that_cannot_be_written_is_asked_for_again()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(
            EngineKind.Embedded, broker: new ScriptedBroker(), store: inner => store = new BrokenStore(inner));
        await rig.BeginAsync(await rig.PutAsync(Definition("a")));
        var command = await rig.Broker!.NextAsync();

        store.FailsWith = "The disk is full.";
        var delivery = AnswerAsync(rig, command, 200, "held");
        await rig.UntilAsync(() => delivery.IsCompleted, TimeSpan.FromSeconds(1));

        (await delivery).Should().Be(ReplyFate.Again);
    }
}

/// <summary>On the Dapr engine.</summary>
public sealed class DaprBrokerStories() : BrokerStories(EngineKind.Dapr);
