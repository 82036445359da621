using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Calling;
using Orchestrator.Dapr.Publishing;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.Dapr;

/// <summary>What goes to the sidecar's HTTP API, and what its words are taken for.</summary>
public sealed class SidecarHttpTests : IAsyncLifetime, IDisposable
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ParticipantEntry inventory = new("inventory", null, "the-inventory", false, 1, false);
    private HttpParticipant sidecar = null!;
    private AppWay app = null!;
    private SidecarPublisher publisher = null!;

    public async Task InitializeAsync()
    {
        sidecar = await HttpParticipant.StartAsync();
        var options = new SidecarHttpOptions { Address = new Uri(sidecar.Address, "/"), ApiToken = "the-token" };
        app = new AppWay(options, TimeProvider.System, new OneToken());
        publisher = new SidecarPublisher(options, TimeProvider.System);
    }

    public async Task DisposeAsync() => await sidecar.DisposeAsync();

    public void Dispose()
    {
        app?.Dispose();
        publisher?.Dispose();
    }

    [Fact]
    public async Task The_participants_token_goes_beside_the_sidecars()
    {
        await app.CallAsync(inventory, Call(), CancellationToken.None);

        sidecar.Seen.Single().Headers.Should().Contain(new Dictionary<string, string>
        {
            ["Authorization"] = "Bearer token-of-inventory",
            ["dapr-api-token"] = "the-token",
        });
    }

    private sealed class OneToken : IParticipantTokens
    {
        public string? TokenFor(string participant, Uri? address) => $"token-of-{participant}";
    }

    [Fact]
    public async Task A_call_to_an_app_is_the_command_with_the_apps_id()
    {
        sidecar.Says = http =>
        {
            http.Response.Headers[SagaHeaders.SagaState] = "held";
            http.Response.Headers[SagaHeaders.SagaLedger] = "l-1";
            return http.Response.WriteAsync("""{"id":"r"}""");
        };

        var answer = await app.CallAsync(inventory, Call(), CancellationToken.None);

        (answer.Status, answer.LedgerState, answer.Ledger, answer.Output.ToString())
            .Should().Be((200, "held", "l-1", """{"id":"r"}"""));
        var seen = sidecar.Seen.Should().ContainSingle().Subject;
        (seen.Method, seen.Path, seen.Body).Should().Be(("POST", "/saga/a/do", """{"n":1}"""));
        seen.Headers["dapr-app-id"].Should().Be("the-inventory");
        seen.Headers["dapr-api-token"].Should().Be("the-token");
        seen.Headers[SagaHeaders.Id].Should().Be("s/a/do");
        seen.Headers[SagaHeaders.ExpiryTime].Should().Be("1970-01-01T00:00:00.000Z");
    }

    [Fact]
    public async Task An_app_that_answers_500_has_answered()
    {
        Says(500, "application/problem+json", """{"code":"failed","detail":"broken","status":500}""");

        var answer = await app.CallAsync(inventory, Call(), CancellationToken.None);

        (answer.Status, answer.Silence, answer.Code).Should().Be((500, Silence.None, "failed"));
    }

    [Theory]
    [InlineData(500, """{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke, id: the-inventory, err: connection refused"}""")]
    [InlineData(403, """{"errorCode":"ERR_DIRECT_INVOKE","message":"access control policy has denied access"}""")]
    public async Task An_app_the_sidecar_cannot_reach_has_said_nothing(int status, string body)
    {
        Says(status, "application/json", body);

        var answer = await app.CallAsync(inventory, Call(), CancellationToken.None);

        (answer.Status, answer.Silence).Should().Be((0, Silence.Broken));
        answer.Text.Should().Contain("could not reach it");
    }

    [Theory]
    [InlineData(500, """{"errorCode":"E17","message":"no"}""")]
    [InlineData(409, """{"error":"no"}""")]
    [InlineData(404, "[]")]
    [InlineData(404, "{")]
    [InlineData(404, "")]
    public async Task What_only_looks_like_the_sidecar_is_the_apps_answer(int status, string body)
    {
        Says(status, "application/json", body);

        (await app.CallAsync(inventory, Call(), CancellationToken.None)).Status.Should().Be(status);
    }

    [Fact]
    public async Task A_sidecar_that_is_gone_is_a_broken_call()
    {
        await sidecar.DisposeAsync();

        (await app.CallAsync(inventory, Call(), CancellationToken.None)).Silence.Should().Be(Silence.Broken);
        (await publisher.PublishAsync(Row(), CancellationToken.None)).Fate.Should().Be(PublishFate.Unreachable);
    }

    [Fact]
    public async Task An_event_is_published_as_it_is_and_never_lives_only_for_a_time()
    {
        Says(204, null, "");

        (await publisher.PublishAsync(Row(), CancellationToken.None)).Fate.Should().Be(PublishFate.Accepted);

        var seen = sidecar.Seen.Should().ContainSingle().Subject;
        (seen.Method, seen.Path, seen.Body).Should().Be(("POST", "/v1.0/publish/pubsub/saga.payment", """{"id":"e"}"""));
        seen.Headers["content-type"].Should().Be("application/cloudevents+json");
        seen.Headers["dapr-api-token"].Should().Be("the-token");
        seen.Headers["traceparent"].Should().Be(Trace);
    }

    [Theory]
    [InlineData(200, PublishFate.Accepted)]
    [InlineData(400, PublishFate.Refused)]
    [InlineData(403, PublishFate.Refused)]
    [InlineData(404, PublishFate.Refused)]
    [InlineData(413, PublishFate.Refused)]
    [InlineData(429, PublishFate.Unreachable)]
    [InlineData(500, PublishFate.Unreachable)]
    public async Task Only_a_broken_broker_holds_up_all_events(int status, PublishFate fate)
    {
        Says(status, "application/json", "{}");

        (await publisher.PublishAsync(Row(), CancellationToken.None)).Fate.Should().Be(fate);
    }

    [Theory]
    [InlineData(400, "ERR_PUBSUB_NOT_FOUND", PublishFate.NotConfigured)]
    [InlineData(404, "ERR_PUBSUB_NOT_FOUND", PublishFate.NotConfigured)]
    [InlineData(400, "ERR_PUBSUB_NOT_CONFIGURED", PublishFate.NotConfigured)]
    [InlineData(500, "ERR_PUBSUB_NOT_CONFIGURED", PublishFate.NotConfigured)]
    [InlineData(403, "ERR_PUBSUB_FORBIDDEN", PublishFate.Refused)]
    [InlineData(500, "ERR_PUBSUB_PUBLISH_MESSAGE", PublishFate.Unreachable)]
    public async Task A_component_that_is_not_there_is_told_from_a_broker_that_is_away(
        int status, string code, PublishFate fate)
    {
        Says(status, "application/json", $$"""{"errorCode":"{{code}}","message":"pubsub pubsub is not found"}""");

        var published = await publisher.PublishAsync(Row(), CancellationToken.None);

        published.Fate.Should().Be(fate);
        if (fate == PublishFate.NotConfigured)
            published.Text.Should().Contain("named \"pubsub\" (pubsub pubsub is not found)").And.Contain("every 30 s");
    }

    [Fact]
    public void Without_a_word_in_the_configuration_there_is_no_sidecar()
    {
        SidecarHttpOptions.Find(new ConfigurationBuilder().Build()).Should().BeNull();
        var configured = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["DAPR_HTTP_PORT"] = "3501", ["DAPR_API_TOKEN"] = " t " }).Build();
        SidecarHttpOptions.Find(configured).Should()
            .Be(new SidecarHttpOptions { Address = new Uri("http://127.0.0.1:3501"), ApiToken = "t" });
    }

    private static OutboxRow Row() => new(
        "e", "saga.payment", "s", "saga.step.do", JsonData.FromText("""{"id":"e"}"""), Trace, DateTimeOffset.UnixEpoch);

    private static ParticipantCall Call() => new()
    {
        SagaId = "s",
        Definition = "d",
        Step = "a",
        Participant = "inventory",
        Action = "a",
        Kind = StepKind.Compensatable,
        Command = CommandKind.Do,
        Attempt = 1,
        Path = "/saga/a/do",
        Timeout = TimeSpan.FromSeconds(30),
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Data = JsonData.FromText("""{"n":1}"""),
    };

    private void Says(int status, string? contentType, string body) => sidecar.Says = http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        return body.Length == 0 ? Task.CompletedTask : http.Response.WriteAsync(body);
    };
}
