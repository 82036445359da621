using System.Text.Json;
using Orchestrator.Service.Security;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.Service;

/// <summary>Alerts through the service: configured, shown, tried and told.</summary>
public sealed class AlertStoriesOverHttp : IAsyncLifetime
{
    private const string Secret = "hook-secret-0123456789";
    private readonly Dictionary<string, string> keys = [];
    private HttpParticipant pager = null!;
    private RunningService service = null!;

    public async Task InitializeAsync()
    {
        pager = await HttpParticipant.StartAsync();
        pager.Says = _ => Task.CompletedTask;
        string[] args =
        [
            .. KeyOf("viewer"), .. KeyOf("operator"), .. KeyOf("admin"),
            $"--Orchestrator:Alerts:ops:Url={new Uri(pager.Address, "/hook/in-the-path")}",
            $"--Orchestrator:Alerts:ops:Token={Secret}",
            "--Orchestrator:Alerts:dead:Url=http://127.0.0.1:1/", "--Orchestrator:Alerts:dead:On=overdue",
        ];
        service = await RunningService.StartWithAsync(args);
    }

    public async Task DisposeAsync()
    {
        await service.DisposeAsync();
        await pager.DisposeAsync();
    }

    [Fact]
    public async Task A_stuck_saga_is_told_and_shown_as_told()
    {
        service.Participant.Answer("notify/do", 409, """{"code":"refused","detail":"no"}""");
        var definition = $$"""
            {"name":"note","deadline":"1h","participants":{"shop":{"url":"{{service.Participant.Url}}"} },
             "steps":[{"name":"notify","participant":"shop","kind":"retriable"}]}
            """;
        using var put = await SendAsync("admin", HttpMethod.Put, "/definitions/note", definition);
        using var start = await SendAsync("admin", HttpMethod.Post, "/sagas/note", "{}");
        var id = (await RunningService.JsonOf(start)).GetProperty("id").GetString();
        await Eventually.TrueAsync(() => !pager.Seen.IsEmpty, "somebody should be told");
        await Eventually.TrueAsync(
            async () => (await ItemAsync("admin", "ops")).GetProperty("lastDeliveryAt").ValueKind
                == JsonValueKind.String,
            "it should be shown");

        using var told = JsonDocument.Parse(pager.Seen.First().Body);
        told.RootElement.GetProperty("data").GetProperty("saga").GetString().Should().Be(id);
        pager.Seen.First().Headers["Authorization"].Should().Be("Bearer " + Secret);
        using var metrics = await SendAsync("viewer", HttpMethod.Get, "/metrics");
        (await metrics.Content.ReadAsStringAsync()).Should()
            .Contain("\norchestrator_alerts_delivered_total{target=\"ops\"} 1\n")
            .And.Contain("\norchestrator_alerts_failed_total{target=\"dead\"} 0\n");
        using var overview = await SendAsync("viewer", HttpMethod.Get, "/overview");
        (await RunningService.JsonOf(overview)).GetProperty("alerts").GetRawText()
            .Should().Be("""{"configured":2,"failing":0}""");
    }

    [Fact]
    public async Task Who_is_told_is_shown_without_what_may_be_secret()
    {
        var seen = await ItemAsync("viewer", "ops");
        var whole = await ItemAsync("admin", "ops");

        seen.EnumerateObject().Select(p => p.Name).Should().Equal(
            "name", "url", "on", "lastDeliveryAt", "failingSince", "lastError", "waiting");
        seen.GetProperty("url").GetString().Should().Be(pager.Address.Authority);
        whole.GetProperty("url").GetString().Should().EndWith("/hook/in-the-path");
        seen.GetProperty("on").EnumerateArray().Select(word => word.GetString())
            .Should().Equal("stuck", "overdue", "in-doubt");
        (seen.GetRawText() + whole.GetRawText()).Should().NotContain(Secret);
    }

    [Fact]
    public async Task A_test_says_for_each_target_what_became_of_it()
    {
        using var answer = await SendAsync("operator", HttpMethod.Post, "/alerts/test", "{}");

        ((int)answer.StatusCode).Should().Be(200);
        var results = (await RunningService.JsonOf(answer)).GetProperty("targets").EnumerateArray().ToList();
        var ops = results.Single(one => one.GetProperty("name").GetString() == "ops");
        ops.GetRawText().Should().Be("""{"name":"ops","delivered":true,"status":200,"text":"It was taken."}""");
        var dead = results.Single(one => one.GetProperty("name").GetString() == "dead");
        dead.GetProperty("delivered").GetBoolean().Should().BeFalse();
        dead.GetProperty("status").ValueKind.Should().Be(JsonValueKind.Null);
        dead.GetProperty("text").GetString().Should().Contain("127.0.0.1:1 cannot be reached");
        using var told = JsonDocument.Parse(pager.Seen.Single().Body);
        told.RootElement.GetProperty("type").GetString().Should().Be("saga.alert.test");
        told.RootElement.GetProperty("data").GetProperty("actor").GetString().Should().Be("operator");
    }

    [Fact]
    public async Task What_is_wrong_with_a_test_is_said()
    {
        await (await SendAsync("operator", HttpMethod.Post, "/alerts/test", "{"))
            .ShouldBeProblemAsync(400, "malformed");
        await (await SendAsync("operator", HttpMethod.Post, "/alerts/test", """{"url":"http://x"}"""))
            .ShouldBeProblemAsync(422, "invalid");
        await (await SendAsync("viewer", HttpMethod.Post, "/alerts/test", "{}")).ShouldBeProblemAsync(403, "forbidden");
        await (await service.SendAsync(HttpMethod.Get, "/alerts")).ShouldBeProblemAsync(401, "unauthenticated");
        pager.Seen.Should().BeEmpty();
    }

    private async Task<JsonElement> ItemAsync(string role, string name)
    {
        using var answer = await SendAsync(role, HttpMethod.Get, "/alerts");
        return (await RunningService.JsonOf(answer)).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
    }

    private Task<HttpResponseMessage> SendAsync(string role, HttpMethod method, string path, string? json = null) =>
        service.SendAsync(
            method, path, json is null ? null : RunningService.Body(json), ("Authorization", "Bearer " + keys[role]));

    private string[] KeyOf(string role)
    {
        var (key, hash) = ApiKey.Make();
        keys[role] = key;
        return
        [
            $"--Orchestrator:Security:Keys:{role}:Hash={hash}", $"--Orchestrator:Security:Keys:{role}:Grants={role}",
        ];
    }
}
