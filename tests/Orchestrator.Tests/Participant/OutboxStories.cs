using Dapper;
using Orchestrator.Participant;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Participant;

/// <summary>Answers reach the broker at least once and in order per saga, whatever becomes of the broker.</summary>
public abstract class OutboxStories(LedgerDialect dialect) : EventSetup(dialect)
{
    [Fact]
    public async Task An_unreachable_broker_costs_only_time_and_the_order_stays()
    {
        broker.Answer = _ => 500;
        await events.DoAsync("s1");
        await events.ConfirmAsync("s1");
        await events.UndoAsync("s1");
        await Eventually.TrueAsync(() => !broker.Tried.IsEmpty, "it is tried");
        broker.Tried.Should().OnlyContain(tried => tried["sagacommand"] == "s1/reserve-stock/do");
        Waiting().Should().Be(3);

        broker.Answer = _ => 204;
        await MoveUntilAsync(() => Waiting() == 0);

        (await CommandsAsync(3)).Should().Equal("s1/reserve-stock/do", "s1/reserve-stock/confirm", "s1/reserve-stock/undo");
    }

    [Fact]
    public async Task An_event_that_is_turned_away_holds_up_only_its_own_saga()
    {
        broker.Answer = tried => tried["sagaid"] == "big" ? 413 : 204;
        await events.DoAsync("big");
        await events.ConfirmAsync("big");

        await events.DoAsync("small");

        (await CommandsAsync(1)).Should().Equal("small/reserve-stock/do");
        await Eventually.TrueAsync(() => Waiting() == 2, "the two of the other saga stay");
        broker.Answer = _ => 204;
        await MoveUntilAsync(() => Waiting() == 0);
        (await CommandsAsync(2)).Should().Equal("big/reserve-stock/do", "big/reserve-stock/confirm");
    }

    [Fact]
    public async Task What_waits_in_the_outbox_is_sent_after_a_restart()
    {
        broker.Answer = _ => 503;
        await events.DoAsync("s1");
        await host.DisposeAsync();
        broker.Answer = _ => 204;

        host = await StartAsync();
        await MoveUntilAsync(() => Waiting() == 0);

        (await CommandsAsync(1)).Should().Equal("s1/reserve-stock/do");
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task Two_replicas_send_every_answer_and_keep_the_order_of_each_saga()
    {
        await using var other = await StartAsync();
        var theirs = new EventCommands(other.Client, clock);
        var ids = Enumerable.Range(0, 20).Select(number => $"s{number}").ToList();

        await Task.WhenAll(ids.Select(async (id, index) =>
        {
            await (index % 2 == 0 ? events : theirs).DoAsync(id);
            await (index % 2 == 0 ? theirs : events).ConfirmAsync(id);
        }));
        await Eventually.TrueAsync(() => Waiting() == 0, "no clock has to move");

        var commands = await CommandsAsync(2 * ids.Count);
        foreach (var id in ids)
        {
            commands.Where(command => command!.StartsWith(id + "/", StringComparison.Ordinal))
                .Should().Equal($"{id}/reserve-stock/do", $"{id}/reserve-stock/confirm");
        }
    }

    [Fact]
    public async Task The_rows_stay_for_Debezium_when_it_relays_and_are_deleted_after_the_retention()
    {
        await host.DisposeAsync();
        host = await StartAsync(options => options.RelayReplies = false);
        await new EventCommands(host.Client, clock).DoAsync("s1");

        await using (var connection = database.Open())
        {
            var row = connection.QuerySingle<(string Id, string AggregateType, string AggregateId, string Type,
                string Payload)>(
                "SELECT id, aggregatetype, aggregateid, type, payload FROM saga_outbox");
            row.AggregateType.Should().Be("saga.replies");
            row.AggregateId.Should().Be("s1");
            row.Type.Should().Be("saga.step.replied");
            row.Payload.Should().Contain($"\"id\":\"{row.Id}\"");
        }

        broker.Tried.Should().BeEmpty();
        clock.Jump(TimeSpan.FromDays(8));
        await MoveUntilAsync(() => Waiting() == 0);
        broker.Tried.Should().BeEmpty();
    }

    /// <summary>Moves the clock until something is so: the relay sleeps on it.</summary>
    private Task MoveUntilAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            return condition();
        },
        "it comes with time");

    private async Task<List<string?>> CommandsAsync(int count)
    {
        var commands = new List<string?>();
        while (commands.Count < count) commands.Add((await broker.NextAsync())["sagacommand"]);
        return commands;
    }
}
