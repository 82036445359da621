using System.Text.Json;
using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>Who may ask for what, where tokens are required.</summary>
public sealed class AccessStories : IClassFixture<GuardedService>
{
    private readonly GuardedService guarded;

    public AccessStories(GuardedService guarded) => this.guarded = guarded;

    private RunningService Service => guarded.Service;

    [Theory]
    [InlineData("Bearer sk_wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("sk_wrong")]
    public async Task A_token_that_is_not_known_is_not_accepted(string authorization)
    {
        using var answer = await Service.SendAsync(HttpMethod.Get, "/sagas", null, ("Authorization", authorization));

        await answer.ShouldBeProblemAsync(401, "unauthenticated");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/assets/app.js")]
    public async Task What_tells_nothing_asks_for_no_token(string path)
    {
        using var answer = await Service.Http.GetAsync(path);

        answer.IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task A_role_for_one_definition_holds_for_its_sagas_alone()
    {
        using var mine = await guarded.SendAsync("only", HttpMethod.Post, "/sagas/order", "{}");
        using var others = await guarded.SendAsync("only", HttpMethod.Post, "/sagas/refund", "{}");
        var id = (await RunningService.JsonOf(mine)).GetProperty("id").GetString();
        using var foreign = await guarded.SendAsync("admin", HttpMethod.Post, "/sagas/refund", "{}");
        var foreignId = (await RunningService.JsonOf(foreign)).GetProperty("id").GetString();

        ((int)mine.StatusCode).Should().Be(202);
        (await others.ShouldBeProblemAsync(403, "forbidden")).Detail().Should().Contain("starter@refund");
        await StatusShouldBeAsync(200, $"/sagas/{id}");
        await StatusShouldBeAsync(200, $"/sagas/{id}/history");
        await StatusShouldBeAsync(403, $"/sagas/{foreignId}");
        await StatusShouldBeAsync(403, "/sagas/0123456789abcdef0123456789abcdef");
        await StatusShouldBeAsync(200, "/sagas?definition=order");
        await StatusShouldBeAsync(403, "/sagas?definition=refund");
        await StatusShouldBeAsync(403, "/sagas");
        await StatusShouldBeAsync(403, "/events");
        await StatusShouldBeAsync(403, "/sagas/counts");
    }

    [Theory]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/events/pulse")]
    [InlineData("GET", "/sagas/counts")]
    [InlineData("GET", "/overview")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/alerts")]
    [InlineData("POST", "/alerts/test")]
    [InlineData("GET", "/participants")]
    [InlineData("GET", "/participants/shop")]
    [InlineData("PUT", "/participants/shop")]
    public async Task Naming_a_definition_where_it_narrows_nothing_opens_nothing(string method, string path)
    {
        using var answer = await guarded.SendAsync(
            "owner", new HttpMethod(method), path + "?definition=order", method == "GET" ? null : "{}");

        (await answer.ShouldBeProblemAsync(403, "forbidden")).Detail().Should().Contain("single definitions");
    }

    [Fact]
    public async Task A_batch_asks_for_the_role_of_each_of_its_sagas()
    {
        var mine = await StartedAsync("order");
        var foreign = await StartedAsync("refund");
        var ids = $"\"ids\":[\"{mine}\",\"{foreign}\",\"nobody\"]";

        using var answer = await guarded.SendAsync(
            "clerk", HttpMethod.Post, "/batches", $$"""{{{ids}},"verb":"retry"}""");
        var id = (await RunningService.JsonOf(answer)).GetProperty("id").GetString();
        using var everything = await guarded.SendAsync(
            "clerk", HttpMethod.Post, "/batches", """{"filter":{},"verb":"retry"}""");
        using var others = await guarded.SendAsync(
            "clerk", HttpMethod.Post, "/batches", """{"filter":{"definition":"refund"},"verb":"retry"}""");
        using var delete = await guarded.SendAsync(
            "operator", HttpMethod.Post, "/batches", $$"""{{{ids}},"verb":"delete"}""");

        ((int)answer.StatusCode).Should().Be(202);
        await everything.ShouldBeProblemAsync(403, "forbidden");
        (await others.ShouldBeProblemAsync(403, "forbidden")).Detail().Should().Contain("operator@refund");
        (await delete.ShouldBeProblemAsync(403, "forbidden")).Detail().Should().Contain("the role admin");
        var items = await ResultsAsync(id!, 3);
        var forbidden = items.Where(item => item.GetProperty("code").GetString() == "forbidden")
            .Select(item => item.GetProperty("sagaId").GetString());
        forbidden.Should().BeEquivalentTo(foreign, "nobody");
        // Nor is told of the others how they are.
        items.Where(item => item.GetProperty("saga").ValueKind == JsonValueKind.Object)
            .Select(item => item.GetProperty("saga").GetProperty("id").GetString()).Should().Equal(mine);
    }

    private async Task<List<JsonElement>> ResultsAsync(string batch, int count)
    {
        List<JsonElement> items = [];
        await Eventually.TrueAsync(
            async () =>
            {
                using var results = await guarded.SendAsync("clerk", HttpMethod.Get, $"/batches/{batch}/results");
                items = [.. (await RunningService.JsonOf(results)).GetProperty("items").EnumerateArray()];
                return items.Count == count;
            },
            "each has an answer");
        return items;
    }

    [Fact]
    public async Task Who_has_a_role_for_one_definition_sees_the_batches_of_their_own()
    {
        using var made = await guarded.SendAsync(
            "admin", HttpMethod.Post, "/batches", """{"ids":["nobody"],"verb":"retry"}""");
        var id = (await RunningService.JsonOf(made)).GetProperty("id").GetString();

        using var own = await guarded.SendAsync("clerk", HttpMethod.Get, "/batches");
        using var one = await guarded.SendAsync("clerk", HttpMethod.Get, $"/batches/{id}");
        using var stop = await guarded.SendAsync("clerk", HttpMethod.Post, $"/batches/{id}/stop", "{}");
        using var all = await guarded.SendAsync("viewer", HttpMethod.Get, "/batches");

        (await own.Content.ReadAsStringAsync()).Should().NotContain(id);
        await one.ShouldBeProblemAsync(404, "not-found");
        await stop.ShouldBeProblemAsync(404, "not-found");
        (await all.Content.ReadAsStringAsync()).Should().Contain(id);
        using var audit = await guarded.SendAsync("clerk", HttpMethod.Get, "/audit");
        await audit.ShouldBeProblemAsync(403, "forbidden");
        using var narrow = await guarded.SendAsync("clerk", HttpMethod.Get, "/audit?definition=order");
        ((int)narrow.StatusCode).Should().Be(200);
    }

    [Fact]
    public async Task Who_was_turned_away_from_a_verb_is_written_down()
    {
        var id = await StartedAsync("order");
        using var cancel = await guarded.SendAsync(
            "viewer", HttpMethod.Post, $"/sagas/{id}/cancel", "{}", ("X-Actor", "somebody-else"));

        var text = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await guarded.SendAsync("viewer", HttpMethod.Get, $"/audit?saga={id}");
                text = await answer.Content.ReadAsStringAsync();
                return text.Contains("forbidden", StringComparison.Ordinal);
            },
            "it is written");

        text.Should().Contain("\"actor\":\"viewer\"").And.NotContain("somebody-else");
    }

    [Fact]
    public async Task The_tokens_subject_is_recorded_whatever_the_request_calls_itself()
    {
        // One that had ended already would refuse the verb.
        var held = new TaskCompletionSource();
        Service.Participant.HoldBack("reserve/do", held.Task);
        using var started = await guarded.SendAsync("admin", HttpMethod.Post, "/sagas/order", "{}");
        var id = (await RunningService.JsonOf(started)).GetProperty("id").GetString();

        using var retried = await guarded.SendAsync(
            "operator", HttpMethod.Post, $"/sagas/{id}/retry", "{}", ("X-Actor", "somebody-else"));

        ((int)retried.StatusCode).Should().Be(202);
        using var history = await guarded.SendAsync("viewer", HttpMethod.Get, $"/sagas/{id}/history");
        var text = await history.Content.ReadAsStringAsync();
        text.Should().Contain("\"operator\"").And.NotContain("somebody-else");
        held.SetResult();
    }

    [Fact]
    public async Task Who_asks_is_told_what_they_may()
    {
        using var answer = await guarded.SendAsync("only", HttpMethod.Get, "/whoami");

        var body = await RunningService.JsonOf(answer);
        body.GetProperty("actor").GetString().Should().Be("only");
        body.GetProperty("required").GetBoolean().Should().BeTrue();
        body.GetProperty("roles")[0].GetString().Should().Be("starter@order");
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 202)]
    public async Task A_page_of_another_site_cannot_act_through_a_browser(string site, int status)
    {
        using var answer = await guarded.SendAsync(
            "admin", HttpMethod.Post, "/sagas/order", "{}", ("Sec-Fetch-Site", site));

        ((int)answer.StatusCode).Should().Be(status);
    }

    [Fact]
    public void A_key_is_found_by_its_digest_alone()
    {
        var key = ApiKey.Make();

        key.Key.Should().StartWith("sk_").And.HaveLength(67);
        ApiKey.TryReadHash(key.Hash, out var hash).Should().BeTrue();
        ApiKey.Find([new ApiKey("a", hash, [])], key.Key)!.Name.Should().Be("a");
        ApiKey.Find([new ApiKey("a", hash, [])], key.Key + "0").Should().BeNull();
    }

    private async Task<string> StartedAsync(string definition)
    {
        using var started = await guarded.SendAsync("admin", HttpMethod.Post, $"/sagas/{definition}", "{}");
        return (await RunningService.JsonOf(started)).GetProperty("id").GetString()!;
    }

    private async Task StatusShouldBeAsync(int status, string path)
    {
        using var answer = await guarded.SendAsync("only", HttpMethod.Get, path);
        ((int)answer.StatusCode).Should().Be(status, path);
    }
}
