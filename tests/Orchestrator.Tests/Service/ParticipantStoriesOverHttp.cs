using System.Net;
using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>The participants' registry.</summary>
public sealed class ParticipantStoriesOverHttp(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_definition_fills_its_participants_in_and_they_can_be_read()
    {
        await service.DefineAsync("filling");

        var shop = await service.GetAsync("/participants/shop");
        var all = await service.GetAsync("/participants");

        shop.EnumerateObject().Select(p => p.Name).Should().Equal("name", "url", "app", "via", "concurrency", "paused", "retry", "hasToken");
        shop.GetProperty("url").GetString().Should().Be(service.Participant.Url);
        shop.GetProperty("concurrency").GetInt32().Should().Be(64);
        shop.GetProperty("paused").GetBoolean().Should().BeFalse();
        all.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()).Should().Contain("shop");
    }

    [Fact]
    public async Task A_put_adds_and_changes_and_what_is_left_out_stays()
    {
        using var added = await service.PutAsync("/participants/added", """{"url":"http://127.0.0.1:7001","concurrency":3}""");
        using var paused = await service.PutAsync("/participants/added", """{"paused":true}""");
        using var moved = await service.PutAsync("/participants/added", """{"url":"http://127.0.0.1:7002","paused":false}""");

        added.StatusCode.Should().Be(HttpStatusCode.Created);
        paused.StatusCode.Should().Be(HttpStatusCode.OK);
        var between = await RunningService.JsonOf(paused);
        between.GetProperty("url").GetString().Should().Be("http://127.0.0.1:7001");
        between.GetProperty("concurrency").GetInt32().Should().Be(3);
        between.GetProperty("paused").GetBoolean().Should().BeTrue();
        var last = await service.GetAsync("/participants/added");
        last.GetProperty("url").GetString().Should().Be("http://127.0.0.1:7002");
        last.GetProperty("concurrency").GetInt32().Should().Be(3);
        last.GetProperty("paused").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_moved_participant_is_called_at_its_new_address()
    {
        await using var other = await FakeParticipant.StartAsync();
        var yaml = $"name: moving\ndeadline: 1h\nparticipants: {{ mover: {{ url: \"http://127.0.0.1:1\" }} }}\n"
            + "steps:\n  - { name: reserve, participant: mover }\n";
        using var put = await service.PutAsync("/definitions/moving", yaml, "application/yaml");

        using var moved = await service.PutAsync("/participants/mover", $$"""{"url":"{{other.Url}}"}""");
        var saga = await service.FinishedAsync("moving");

        saga.GetProperty("outcome").GetString().Should().Be("completed");
        other.Seen.Should().Contain("reserve/do");
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("""{"url":"not an address"}""", "url")]
    [InlineData("""{"url":"ftp://127.0.0.1"}""", "url")]
    [InlineData("""{"url":5}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1","concurrency":0}""", "concurrency")]
    [InlineData("""{"url":"http://127.0.0.1","concurrency":5000}""", "concurrency")]
    [InlineData("""{"url":"http://127.0.0.1","concurrency":1.5}""", "concurrency")]
    [InlineData("""{"url":"http://127.0.0.1","paused":"yes"}""", "paused")]
    [InlineData("""{"url":"http://127.0.0.1","adress":"x"}""", "adress")]
    [InlineData("""{"url":"http://127.0.0.1","retry":{"attempts":0}}""", "retry.attempts")]
    [InlineData("""{"url":"http://127.0.0.1","retry":{"first":"soon"}}""", "retry.first")]
    [InlineData("""{"url":"http://127.0.0.1","retry":{"first":"1m","longest":"1s"}}""", "retry.longest")]
    [InlineData("""{"url":"http://127.0.0.1","retry":{"timeout":"2h"}}""", "retry.timeout")]
    [InlineData("""{"url":"http://127.0.0.1","retry":{"atempts":3}}""", "retry.atempts")]
    [InlineData("""{"url":"http://127.0.0.1","retry":5}""", "retry")]
    [InlineData("""{"app":"inventory"}""", "app")]
    [InlineData("""{"url":"http://127.0.0.1","via":"pubsub"}""", "via")]
    [InlineData("[]", "")]
    public async Task A_wrong_value_is_named_and_nothing_is_changed(string json, string path)
    {
        var problem = await (await service.PutAsync("/participants/wrong", json)).ShouldBeProblemAsync(422, "invalid");

        problem.Paths().Should().Contain(path);
        await (await service.Http.GetAsync("/participants/wrong")).ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Limits_of_retries_are_put_in_place_and_taken_back()
    {
        using var put = await service.PutAsync(
            "/participants/limits", """{"url":"http://127.0.0.1:7001","retry":{"attempts":3,"timeout":"90s"}}""");
        using var paused = await service.PutAsync("/participants/limits", """{"paused":true}""");
        using var back = await service.PutAsync("/participants/limits", """{"retry":null}""");

        (await RunningService.JsonOf(put)).GetProperty("retry").GetRawText()
            .Should().Be("""{"attempts":3,"timeout":"1m30s"}""");
        (await RunningService.JsonOf(paused)).GetProperty("retry").GetProperty("attempts").GetInt32().Should().Be(3);
        (await RunningService.JsonOf(back)).GetProperty("retry").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused()
    {
        var problem = await (await service.PutAsync("/participants/a~b", """{"url":"http://127.0.0.1"}"""))
            .ShouldBeProblemAsync(422, "invalid");

        problem.Paths().Should().Equal("name");
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_refused()
    {
        await (await service.PutAsync("/participants/p", "{")).ShouldBeProblemAsync(400, "malformed");
        await (await service.PutAsync("/participants/p", "url: x", "application/yaml")).ShouldBeProblemAsync(415, "unsupported-media-type");
        await (await service.PutAsync("/participants/p", new string(' ', 17_000))).ShouldBeProblemAsync(413, "too-large");
    }
}
