using System.Net;
using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>POST /sagas/{definition}, when all is well.</summary>
public sealed class StartStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_start_answers_202_with_the_address_and_the_facts_of_the_saga()
    {
        await service.DefineAsync("plain");

        using var answer = await service.StartSagaAsync("plain", """{"a":1}""");

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var body = await RunningService.JsonOf(answer);
        var id = body.GetProperty("id").GetString();
        answer.Headers.Location!.ToString().Should().Be($"/sagas/{id}");
        body.EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(
            "id", "definition", "definitionVersion", "phase", "expiresAt");
        body.GetProperty("definition").GetString().Should().Be("plain");
        body.GetProperty("definitionVersion").GetInt32().Should().Be(1);
        body.GetProperty("phase").GetString().Should().Be("doing");
        body.GetProperty("expiresAt").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData("[1,2]")]
    [InlineData(" {\"n\": 12345678901234567890.12, \"s\":\"\\u00e9\"} ")]
    public async Task Any_json_value_is_an_input_and_comes_back_as_it_was_sent(string json)
    {
        await service.DefineAsync("any");

        var id = await service.StartedAsync("any", json);

        var text = await service.Http.GetStringAsync($"/sagas/{id}");
        text.Should().Contain($"\"input\":{json.Trim()}");
    }

    [Fact]
    public async Task A_saga_has_every_field_of_the_contract_also_when_it_is_null()
    {
        await service.DefineAsync("fields");

        var saga = await service.FinishedAsync("fields?key=K-1&tag.color=red", """{"a":1}""");

        saga.EnumerateObject().Select(p => p.Name).Should().Equal(
            "id", "definition", "definitionVersion", "phase", "outcome", "stuck", "suspended", "inDoubt", "unverified", "reason",
            "startedAt", "expiresAt", "endedAt", "businessKey", "tags", "input", "output", "steps", "allowed",
            "extension", "rerunOf", "rerunAs", "traceId");
        saga.GetProperty("phase").GetString().Should().Be("completed");
        saga.GetProperty("outcome").GetString().Should().Be("completed");
        saga.GetProperty("reason").ValueKind.Should().Be(JsonValueKind.Null);
        saga.GetProperty("businessKey").GetString().Should().Be("K-1");
        saga.GetProperty("tags").GetProperty("color").GetString().Should().Be("red");
        var step = saga.GetProperty("steps")[0];
        step.EnumerateObject().Select(p => p.Name).Should().Equal(
            "name", "participant", "kind", "state", "attempts", "lastError", "startedAt", "endedAt",
            "heldUntil", "output", "allowed");
        step.GetProperty("heldUntil").ValueKind.Should().Be(JsonValueKind.Null, "what was confirmed has no expiry");
        step.GetProperty("kind").GetString().Should().Be("compensatable");
        step.GetProperty("state").GetString().Should().Be("confirmed");
        step.GetProperty("output").GetProperty("id").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_plain_http_service_is_shown_as_unarmed()
    {
        await service.DefineAsync("plain-http", "  - { name: reserve, participant: shop, confirm: none }\n");

        var saga = await service.FinishedAsync("plain-http");

        saga.GetProperty("steps")[0].GetProperty("kind").GetString().Should().Be("unarmed");
        saga.GetProperty("steps")[0].GetProperty("state").GetString().Should().Be("done");
    }

    [Fact]
    public async Task A_refusal_is_shown_with_the_participants_own_words()
    {
        service.Participant.Answer("sell/do", 409, """{"code":"refused","detail":"out of stock"}""");
        await service.DefineAsync("refusing", "  - { name: reserve, participant: shop }\n  - { name: sell, participant: shop }\n");

        var saga = await service.FinishedAsync("refusing");

        saga.GetProperty("outcome").GetString().Should().Be("compensated");
        saga.GetProperty("reason").GetProperty("code").GetString().Should().Be("refused");
        saga.GetProperty("reason").GetProperty("text").GetString().Should().Contain("sell").And.Contain("out of stock");
        saga.GetProperty("reason").GetProperty("actor").GetString().Should().NotBeNullOrEmpty();
        saga.GetProperty("steps")[0].GetProperty("state").GetString().Should().Be("undone");
        saga.GetProperty("steps")[1].GetProperty("state").GetString().Should().Be("refused");
        saga.GetProperty("steps")[1].GetProperty("lastError").GetString().Should().Contain("out of stock");
    }

    [Fact]
    public async Task A_deadline_may_be_a_duration_or_an_instant()
    {
        await service.DefineTimedAsync("timed", "deadline: 10m\nmaxDeadline: 2h");
        var instant = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);

        using var byDuration = await service.StartSagaAsync("timed?deadline=90m");
        using var byInstant = await service.StartSagaAsync($"timed?deadline={instant:yyyy-MM-ddTHH:mm:ss}.000Z");

        var left = (await RunningService.JsonOf(byDuration)).GetProperty("expiresAt").GetDateTimeOffset()
            - TimeProvider.System.GetUtcNow();
        left.Should().BeCloseTo(TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(1));
        (await RunningService.JsonOf(byInstant)).GetProperty("expiresAt").GetString().Should().Be($"{instant:yyyy-MM-ddTHH:mm:ss}.000Z");
    }

    [Fact]
    public async Task The_content_type_may_be_left_out_or_be_any_json()
    {
        await service.DefineAsync("typed");
        foreach (var type in new[] { null, "application/json; charset=utf-8", "application/cloudevents+json" })
        {
            using var answer = await service.SendAsync(HttpMethod.Post, "/sagas/typed", RunningService.Body("{}", type));
            answer.StatusCode.Should().Be(HttpStatusCode.Accepted, $"of content type {type}");
        }
    }

    [Fact]
    public async Task An_input_of_one_mebibyte_is_taken()
    {
        await service.DefineAsync("large");
        var json = "\"" + new string('x', (1024 * 1024) - 2) + "\"";

        using var answer = await service.StartSagaAsync("large", json);

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }
}
