using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>After an outage: everything that waits for a participant, or for all, goes now.</summary>
public sealed class ReleaseStoriesOverHttp(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task What_waits_is_counted_first_and_goes_when_it_is_asked_for()
    {
        service.Participant.Answer("waiting/do", 503);
        await service.DefineAsync("waiting", "  - { name: waiting, participant: shop }\n");
        using var rare = await service.PutAsync("/participants/shop", """{"retry":{"first":"1h","longest":"1h"}}""");
        var id = await service.StartedAsync("waiting");
        await Eventually.TrueAsync(
            async () => await CountAsync("/participants/shop/retry", """{"dryRun":true}""", HttpStatusCode.OK) == 1,
            "the saga should wait");
        (await CountAsync("/participants/retry", """{"dryRun":true}""", HttpStatusCode.OK)).Should().Be(1);
        (await CountAsync("/participants/retry?definition=waiting", """{"dryRun":true}""", HttpStatusCode.OK)).Should().Be(1);
        service.Participant.Answer("waiting/do", 200);

        (await CountAsync("/participants/shop/retry", """{"reason":"it is back"}""", HttpStatusCode.Accepted)).Should().Be(1);

        await Eventually.TrueAsync(async () => await OutcomeAsync(id) == "completed", "the saga should end");
        var events = (await service.GetAsync($"/sagas/{id}/history")).GetProperty("items").EnumerateArray().ToList();
        var asked = events.Single(e => e.GetProperty("type").GetString() == "retry-requested");
        asked.GetProperty("actor").GetString().Should().Be("tester");
        asked.GetProperty("text").GetString().Should().Be("it is back");
        asked.GetProperty("participant").GetString().Should().Be("shop");
        events.First(e => e.GetProperty("type").GetString() == "call-answered").GetProperty("retry").GetRawText()
            .Should().Be("""{"first":"1h","longest":"1h"}""");
        (await CountAsync("/participants/retry", "", HttpStatusCode.Accepted)).Should().Be(0);
    }

    [Fact]
    public async Task What_is_not_known_and_what_is_wrong_is_said()
    {
        await (await SendAsync("/participants/nobody/retry", "{}")).ShouldBeProblemAsync(404, "not-found");
        await (await SendAsync("/participants/retry?definition=nothing", "{}")).ShouldBeProblemAsync(404, "not-found");
        await (await SendAsync("/participants/retry?participant=a", "{}")).ShouldBeProblemAsync(400, "unknown-parameter");
        await (await SendAsync("/participants/retry", "{")).ShouldBeProblemAsync(400, "malformed");
        (await (await SendAsync("/participants/retry", """{"dryRun":"yes"}""")).ShouldBeProblemAsync(422, "invalid"))
            .Paths().Should().Equal("dryRun");
        await (await service.SendAsync(HttpMethod.Post, "/participants/retry")).ShouldBeProblemAsync(400, "actor-required");
        await (await SendAsync("/participants/retry", new string(' ', 17_000))).ShouldBeProblemAsync(413, "too-large");
    }

    private async Task<string?> OutcomeAsync(string id) =>
        (await service.GetAsync($"/sagas/{id}")).GetProperty("outcome").GetString();

    private async Task<int> CountAsync(string path, string body, HttpStatusCode code)
    {
        using var answer = await SendAsync(path, body);
        answer.StatusCode.Should().Be(code, await answer.Content.ReadAsStringAsync());
        return (await RunningService.JsonOf(answer)).GetProperty("sagas").GetInt32();
    }

    private Task<HttpResponseMessage> SendAsync(string path, string body) =>
        service.SendAsync(HttpMethod.Post, path, RunningService.Body(body), ("X-Actor", "tester"));
}
