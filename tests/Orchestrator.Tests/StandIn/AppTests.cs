using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Orchestrator.StandIn;
using Orchestrator.StandIn.Apps;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.StandIn;

public sealed class AppTests : IAsyncLifetime
{
    private HttpParticipant app = null!;

    public async Task InitializeAsync() => app = await HttpParticipant.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/v1.0/invoke/inventory/method/saga/reserve/do?x=1", null)]
    [InlineData("/saga/reserve/do?x=1", "inventory")]
    public async Task A_call_goes_through_to_the_app_with_its_headers_and_comes_back_as_it_is(
        string path, string? appHeader)
    {
        await using var rig = await StandInRig.StartAsync(Options());
        app.Says = context =>
        {
            context.Response.StatusCode = 409;
            context.Response.Headers["Saga-State"] = "refused";
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("""{"code":"refused"}""" + context.Request.QueryString);
        };
        using var request =
            new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { sku = "A1" }) };
        request.Headers.Add("ce-id", "s/reserve/do");
        if (appHeader is not null) request.Headers.Add("dapr-app-id", appHeader);

        using var response = await rig.Http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Conflict);
        response.Headers.GetValues("Saga-State").Should().Equal("refused");
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await response.Content.ReadAsStringAsync()).Should().EndWith("?x=1");
        var seen = app.Seen.Single();
        (seen.Method, seen.Path, seen.Body).Should().Be(("POST", "/saga/reserve/do", """{"sku":"A1"}"""));
        seen.Headers.Should().Contain("ce-id", "s/reserve/do");
    }

    [Fact]
    public async Task An_apps_own_error_and_a_sidecar_that_cannot_reach_it_can_be_told_apart()
    {
        await using var rig = await StandInRig.StartAsync(Options());
        app.Says = context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("mine");
        };

        using var own = await rig.Http.GetAsync(new Uri("/v1.0/invoke/inventory/method/x", UriKind.Relative));
        using var unreachable = await rig.Http.GetAsync(new Uri("/v1.0/invoke/nobody/method/x", UriKind.Relative));

        (own.StatusCode, unreachable.StatusCode)
            .Should().Be((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError));
        (await own.Content.ReadAsStringAsync()).Should().Be("mine");
        JsonNode.Parse(await unreachable.Content.ReadAsStringAsync())!["errorCode"]!.GetValue<string>()
            .Should().Be("ERR_DIRECT_INVOKE");
    }

    [Fact]
    public async Task A_token_is_demanded_of_every_call_but_health()
    {
        await using var rig = await StandInRig.StartAsync(new StandInOptions { ApiToken = "t0ken" });

        (await rig.Http.GetAsync(new Uri("/v1.0/metadata", UriKind.Relative))).StatusCode
            .Should().Be(HttpStatusCode.Unauthorized);
        (await rig.Http.GetAsync(new Uri("/v1.0/healthz", UriKind.Relative))).StatusCode
            .Should().Be(HttpStatusCode.NoContent);
        (await FluentActions.Awaiting(() => rig.HelloAsync()).Should().ThrowAsync<Orchestrator.Dapr.SidecarException>())
            .Which.Status.Should().Be(Orchestrator.Dapr.Framing.GrpcStatus.Unauthenticated);
    }

    [Fact]
    public async Task What_is_published_reaches_whoever_serves_it()
    {
        var publisher = new ListedPublisher();
        await using var sidecar = await StandInSidecar.StartAsync(Options(), publisher: publisher);
        using var http = new HttpClient { BaseAddress = sidecar.HttpAddress };

        using var published =
            await http.PostAsJsonAsync("/v1.0/publish/pubsub/saga.inventory?metadata.rawPayload=true", new { id = 1 });

        published.StatusCode.Should().Be(HttpStatusCode.NoContent);
        var request = publisher.Seen.Should().ContainSingle().Which;
        (request.Component, request.Topic, request.Metadata["rawPayload"])
            .Should().Be(("pubsub", "saga.inventory", "true"));
        request.Data.Length.Should().BePositive();
    }

    [Fact]
    public async Task Without_a_broker_nothing_can_be_published()
    {
        await using var rig = await StandInRig.StartAsync();

        using var refused = await rig.Http.PostAsJsonAsync("/v1.0/publish/pubsub/t", new { id = 1 });

        (await refused.Content.ReadAsStringAsync()).Should().Contain("ERR_PUBSUB_NOT_FOUND");
    }

    private StandInOptions Options() => new()
    {
        Apps = new Dictionary<string, Uri> { ["inventory"] = new(app.Address.GetLeftPart(UriPartial.Authority)) },
    };

    private sealed class ListedPublisher : IPublisher
    {
        public List<PublishRequest> Seen { get; } = [];

        public Task StartAsync(AppCaller apps, CancellationToken cancel) => Task.CompletedTask;

        public Task<PublishReply> PublishAsync(PublishRequest request, CancellationToken cancel)
        {
            Seen.Add(request);
            return Task.FromResult(new PublishReply(StatusCodes.Status204NoContent));
        }

        public Task StopAsync() => Task.CompletedTask;
    }
}
