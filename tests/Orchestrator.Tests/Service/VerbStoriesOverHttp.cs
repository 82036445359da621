using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>Cancel, retry and delete.</summary>
public sealed class VerbStoriesOverHttp(RunningService service) : IClassFixture<RunningService>
{
    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    [Fact]
    public async Task A_cancel_undoes_the_saga_and_keeps_actor_and_reason()
    {
        var (id, held) = await OpenAsync("cancelled");

        using var answer = await service.SendAsync(
            HttpMethod.Post, $"/sagas/{id}/cancel", RunningService.Body("""{"reason":"customer rang"}"""), Actor);
        held.SetResult();

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var saga = await RunningService.JsonOf(answer);
        saga.GetProperty("phase").GetString().Should().Be("compensating");
        saga.GetProperty("reason").GetProperty("code").GetString().Should().Be("cancelled");
        saga.GetProperty("reason").GetProperty("text").GetString().Should().Contain("customer rang");
        saga.GetProperty("reason").GetProperty("actor").GetString().Should().Be("alice@example.org");
        var history = await service.GetAsync($"/sagas/{id}/history");
        var item = history.GetProperty("items").EnumerateArray().Single(e => e.GetProperty("type").GetString() == "cancel-requested");
        item.GetProperty("actor").GetString().Should().Be("alice@example.org");
        item.GetProperty("text").GetString().Should().Be("customer rang");
    }

    [Fact]
    public async Task A_running_saga_takes_a_retry_and_no_delete()
    {
        var (id, held) = await OpenAsync("running");

        using var retry = await service.SendAsync(HttpMethod.Post, $"/sagas/{id}/retry", null, Actor);
        var delete = await service.SendAsync(HttpMethod.Delete, $"/sagas/{id}", null, Actor);
        held.SetResult();

        retry.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var problem = await delete.ShouldBeProblemAsync(409, "still-running");
        problem.GetProperty("allowed").EnumerateArray().Select(verb => verb.GetString())
            .Should().Equal("cancel", "retry", "suspend", "extend");
    }

    [Fact]
    public async Task A_finished_saga_takes_a_rerun_a_delete_and_nothing_else()
    {
        await service.DefineAsync("ended");
        var id = (await service.FinishedAsync("ended")).GetProperty("id").GetString();

        var bodies = new Dictionary<string, string>
        {
            ["cancel"] = "{}",
            ["retry"] = "{}",
            ["suspend"] = "{}",
            ["resume"] = "{}",
            ["extend"] = """{"deadline":"10m"}""",
            ["steps/reserve/resend"] = "{}",
            ["steps/reserve/resolve"] = """{"as":"undone"}""",
        };
        foreach (var (verb, body) in bodies)
        {
            var answer = await service.SendAsync(HttpMethod.Post, $"/sagas/{id}/{verb}", RunningService.Body(body), Actor);
            var problem = await answer.ShouldBeProblemAsync(409, "finished");
            problem.GetProperty("allowed").EnumerateArray().Select(v => v.GetString()).Should().Equal("rerun", "delete");
        }

        using var delete = await service.SendAsync(HttpMethod.Delete, $"/sagas/{id}", null, Actor);
        delete.StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await service.Http.GetAsync($"/sagas/{id}")).ShouldBeProblemAsync(404, "not-found");
        await (await service.SendAsync(HttpMethod.Delete, $"/sagas/{id}", null, Actor)).ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_saga_past_the_point_of_no_return_takes_no_cancel()
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack("pay/do", held.Task);
        await service.DefineAsync("pivotal", "  - { name: pay, participant: shop, kind: pivot }\n");
        var id = await service.StartedAsync("pivotal");
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains("pay/do"), "the call should go out");

        var answer = await service.SendAsync(HttpMethod.Post, $"/sagas/{id}/cancel", null, Actor);
        held.SetResult();

        var problem = await answer.ShouldBeProblemAsync(409, "past-the-point-of-no-return");
        problem.GetProperty("allowed").EnumerateArray().Select(verb => verb.GetString()).Should().Equal("retry", "suspend");
    }

    [Theory]
    [InlineData("POST", "/sagas/x/cancel")]
    [InlineData("POST", "/sagas/x/retry")]
    [InlineData("POST", "/sagas/x/suspend")]
    [InlineData("POST", "/sagas/x/resume")]
    [InlineData("POST", "/sagas/x/extend")]
    [InlineData("POST", "/sagas/x/rerun")]
    [InlineData("POST", "/sagas/x/steps/y/resend")]
    [InlineData("POST", "/sagas/x/steps/y/resolve")]
    [InlineData("DELETE", "/sagas/x")]
    [InlineData("PUT", "/definitions/x")]
    [InlineData("PUT", "/participants/x")]
    [InlineData("POST", "/batches")]
    [InlineData("POST", "/batches/x/stop")]
    public async Task Whoever_changes_something_has_to_say_who_they_are(string method, string path)
    {
        foreach (var actor in new[] { null, "", "  ", "tab\there", new string('a', 129) })
        {
            (string, string)[] headers = actor is null ? [] : [("X-Actor", actor)];
            var answer = await service.SendAsync(new HttpMethod(method), path, RunningService.Body("{}"), headers);
            await answer.ShouldBeProblemAsync(400, "actor-required");
        }
    }

    [Theory]
    [InlineData("{", 400, "malformed")]
    [InlineData("[]", 422, "invalid")]
    [InlineData("""{"reason":1}""", 422, "invalid")]
    [InlineData("""{"reson":"x"}""", 422, "invalid")]
    [InlineData("""{"reason":"\u0000"}""", 422, "invalid")]
    public async Task A_wrong_body_of_a_verb_is_refused(string body, int status, string code)
    {
        var answer = await service.SendAsync(HttpMethod.Post, "/sagas/none/cancel", RunningService.Body(body), Actor);

        await answer.ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task A_reason_has_a_limit_and_a_type()
    {
        var cancel = (HttpContent body) => service.SendAsync(HttpMethod.Post, "/sagas/none/cancel", body, Actor);

        await (await cancel(RunningService.Body($$"""{"reason":"{{new string('r', 1001)}}"}"""))).ShouldBeProblemAsync(422, "invalid");
        await (await cancel(RunningService.Body(new string(' ', 17_000)))).ShouldBeProblemAsync(413, "too-large");
        await (await cancel(RunningService.Body("{}", "text/plain"))).ShouldBeProblemAsync(415, "unsupported-media-type");
    }

    private async Task<(string Id, TaskCompletionSource Held)> OpenAsync(string name)
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack($"{name}/do", held.Task);
        await service.DefineAsync(name, $"  - {{ name: {name}, participant: shop }}\n");
        var id = await service.StartedAsync(name);
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains($"{name}/do"), "the call should go out");
        return (id, held);
    }
}
