using System.Net;
using System.Text.Json.Nodes;
using Orchestrator.Contract;
using Orchestrator.Participant;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Participant;

/// <summary>Commands over a broker: the same ledger as over HTTP, and the answer is an event.</summary>
public abstract class EventStories(LedgerDialect dialect) : EventSetup(dialect)
{
    [Fact]
    public async Task A_do_is_held_and_answered_with_the_same_body_in_the_name_of_its_command()
    {
        (await events.DoAsync("s1")).Should().Be("SUCCESS");

        var reply = await broker.NextAsync();
        reply.Topic.Should().Be("saga.replies");
        reply.PubSub.Should().Be("pubsub");
        reply.ContentType.Should().Be("application/cloudevents+json");
        reply["type"].Should().Be("saga.step.replied");
        reply["sagaid"].Should().Be("s1");
        reply["sagastep"].Should().Be("reserve-stock");
        reply["sagacommand"].Should().Be("s1/reserve-stock/do");
        reply["sagaledger"].Should().Be(host.Ledger.LedgerId.ToString());
        reply["datacontenttype"].Should().Be("application/json");
        reply.Summary.Should().Be("200 held");
        reply.Data.Should().Be("""{"id":"r-s1"}""");
        reply.TraceParent.Should().Be(EventCommands.Trace);
        database.Available().Should().Be(98);
        await Eventually.TrueAsync(() => Waiting() == 0, "an acknowledged answer is deleted");
    }

    [Fact]
    public async Task Nothing_that_is_published_lives_only_for_a_time()
    {
        await events.DoAsync("s1");

        var reply = await broker.NextAsync();

        reply.Query.Should().Be("?metadata.partitionKey=s1");
        reply["expiration"].Should().BeNull();
        reply["ttlInSeconds"].Should().BeNull();
    }

    [Fact]
    public async Task A_duplicate_runs_nothing_and_is_answered_again_with_the_stored_answer()
    {
        await events.DoAsync("s1");
        var first = await broker.NextAsync();

        (await events.DoAsync("s1")).Should().Be("SUCCESS");

        var second = await broker.NextAsync();
        second.Data.Should().Be(first.Data);
        second["id"].Should().NotBe(first["id"]);
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task A_command_that_a_sidecar_wrote_anew_is_the_same_command()
    {
        await new Commands(host.Client, clock).DoAsync("s1", """{ "sku": "A1", "quantity": 2 }""");

        await events.DoAsync("s1", """{"quantity":2,"sku":"\u0041\u0031"}""");

        (await broker.NextAsync()).Summary.Should().Be("200 held");
        database.Notes().Should().Equal("do");
    }

    [Theory]
    [InlineData("""{"sku":"A1","quantity":3}""", "409 key-reused held")]
    [InlineData("""{"sku":"A1"}""", "400 malformed none")]
    public async Task Data_that_is_another_or_does_not_fit_is_answered(string data, string expected)
    {
        if (expected.StartsWith("409", StringComparison.Ordinal)) await new Commands(host.Client, clock).DoAsync("s1");

        (await events.DoAsync("s1", data)).Should().Be("SUCCESS");

        (await broker.NextAsync()).Summary.Should().Be(expected);
    }

    [Fact]
    public async Task A_whole_saga_goes_over_the_broker()
    {
        await events.DoAsync("s1");
        (await broker.NextAsync()).Summary.Should().Be("200 held");
        await events.ConfirmAsync("s1");
        (await broker.NextAsync()).Summary.Should().Be("200 confirmed");
        await events.UndoAsync("s1");
        (await broker.NextAsync()).Summary.Should().Be("200 undone");

        (await events.EndAsync("compensated", "s1")).Should().Be("SUCCESS");

        database.Notes().Should().Equal("do", "confirm", "undo-confirmed", "end-compensated");
        await Eventually.TrueAsync(() => Waiting() == 0, "endings are not answered");
    }

    [Fact]
    public async Task A_refusal_and_its_row_and_its_answer_are_one_transaction()
    {
        switches.Refusal = "Only 1 piece of A1 is left.";

        await events.DoAsync("s1");

        var reply = await broker.NextAsync();
        reply.Summary.Should().Be("409 refused refused");
        reply["datacontenttype"].Should().Be("application/problem+json");
        reply.Event.GetProperty("data").GetProperty("detail").GetString().Should().Be("Only 1 piece of A1 is left.");
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_refused_retriable_leaves_no_row_and_is_answered_all_the_same()
    {
        switches.Refusal = "No.";

        await new EventCommands(host.Client, clock) { Kind = "retriable", Action = "ship" }.DoAsync("s1");

        (await broker.NextAsync()).Summary.Should().Be("409 refused none");
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    [Fact]
    public async Task A_do_that_comes_after_its_expiry_is_barred_and_answered()
    {
        var sent = events.Event(CommandKind.Do, "s1", Commands.Data, null);
        clock.Jump(Commands.Hold);

        (await events.SendAsync(sent)).Should().Be("SUCCESS");

        (await broker.NextAsync()).Summary.Should().Be("410 expired barred");
        database.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task A_handler_that_throws_changes_nothing_and_is_answered_500()
    {
        switches.DoThrows = true;

        (await events.DoAsync("s1")).Should().Be("SUCCESS");

        (await broker.NextAsync()).Summary.Should().Be("500 failed none");
        database.Notes().Should().BeEmpty();
        switches.DoThrows = false;
        await events.DoAsync("s1");
        (await broker.NextAsync()).Summary.Should().Be("200 held");
    }

    [Fact]
    public async Task A_busy_database_asks_for_the_event_again()
    {
        string busy;
        using (database.Block()) busy = await events.DoAsync("s1");

        busy.Should().Be("RETRY");
        (await events.DoAsync("s1")).Should().Be("SUCCESS");
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task A_step_sent_again_with_other_data_needs_no_action_to_be_found()
    {
        await events.DoAsync("s1", change: sent =>
        {
            sent.Remove("sagaaction");
            sent["sagastep"] = "reserve~2";
        });

        (await broker.NextAsync()).Summary.Should().Be("200 held");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"com.example.order"}""")]
    [InlineData("""{"type":"saga.step.do"}""")]
    [InlineData("""{"type":"saga.step.do","sagaid":"a b","sagastep":"reserve","id":"x"}""")]
    [InlineData("""{"type":"saga.ended","id":"x"}""")]
    public async Task What_names_no_command_is_dropped_and_answered_to_nobody(string body)
    {
        (await events.SendAsync(body)).Should().Be("DROP");

        Waiting().Should().Be(0);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    [Theory]
    [InlineData("time", "yesterday", "400 malformed none")]
    [InlineData("expirytime", null, "400 malformed none")]
    [InlineData("data", null, "400 malformed none")]
    [InlineData("sagaaction", "paint", "404 not-found none")]
    [InlineData("sagakind", "optional", "400 malformed none")]
    public async Task A_wrong_command_that_says_whose_it_is_is_dropped_and_answered(
        string attribute, string? value, string expected)
    {
        (await events.DoAsync("s1", change: sent =>
        {
            sent.Remove(attribute);
            if (value is not null) sent[attribute] = value;
        })).Should().Be("DROP");

        (await broker.NextAsync()).Summary.Should().Be(expected);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    [Fact]
    public async Task The_subscription_is_declared_for_the_sidecar()
    {
        var declared = JsonNode.Parse(await host.Client.GetStringAsync("/dapr/subscribe"))!;

        declared.ToJsonString().Should()
            .Be("""[{"pubsubname":"pubsub","topic":"saga.inventory","route":"/saga/events"}]""");
    }

    [Fact]
    public async Task The_sidecars_token_is_wanted_on_every_address_when_it_is_configured()
    {
        const string token = "the-token-of-the-sidecar";
        await using var guarded = await StartAsync(
            settings: new Dictionary<string, string?> { ["APP_API_TOKEN"] = token, ["DAPR_API_TOKEN"] = "the-token-of-the-app" });
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/dapr/subscribe"), (HttpMethod.Post, "/saga/events"), (HttpMethod.Post, "/saga/reserve/do"),
            (HttpMethod.Post, "/saga/ended"), (HttpMethod.Get, "/saga/reserve-stock/s1"),
        })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("dapr-api-token", token + "!");
            (await guarded.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized, path);
        }

        guarded.Client.DefaultRequestHeaders.Add("dapr-api-token", token);
        await new EventCommands(guarded.Client, clock).DoAsync("s1");
        (await broker.NextAsync()).Token.Should().Be("the-token-of-the-app");
    }
}
