using System.Net;
using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>Verbs on many sagas and the audit list, over HTTP.</summary>
public sealed class BatchStoriesOverHttp(RunningService service) : IClassFixture<RunningService>
{
    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    [Fact]
    public async Task Five_hundred_sagas_are_cancelled_by_one_request_after_a_look_at_what_it_would_do()
    {
        using var held = new HeldStep(service, "many");
        var ids = await held.StartAsync(500);
        const string filter = """{"filter":{"definition":"many","phase":"doing"},"verb":"cancel","args":{"reason":"outage"}""";

        var preview = await JsonOf(await PostAsync("/batches", filter + ""","dryRun":true}""", []), 200);
        preview.GetProperty("matching").GetInt32().Should().Be(500);
        preview.GetProperty("wouldDo")[0].GetProperty("effect").GetString().Should().Be("undo 1 step");
        preview.GetProperty("refused").GetArrayLength().Should().Be(0);
        preview.GetProperty("sample").EnumerateArray().Select(id => id.GetString()).Should().BeSubsetOf(ids);

        using var answer = await PostAsync("/batches", filter + "}");
        var batch = await JsonOf(answer, 202);
        var id = batch.GetProperty("id").GetString();
        answer.Headers.Location!.ToString().Should().Be($"/batches/{id}");
        batch.GetProperty("filter").GetProperty("definition").GetString().Should().Be("many");
        batch.GetProperty("reason").GetString().Should().Be("outage");
        await Eventually.TrueAsync(async () => State(await service.GetAsync($"/batches/{id}")) == "done", "it ends");
        held.LetGo();

        var done = await service.GetAsync($"/batches/{id}");
        (Count(done, "total"), Count(done, "done"), Count(done, "accepted")).Should().Be((500, 500, 500));
        (await AllResultsAsync(id!)).Should().BeEquivalentTo(ids);
        var history = await service.GetAsync($"/sagas/{ids[0]}/history");
        var cancel = history.GetProperty("items").EnumerateArray().Single(e => Type(e) == "cancel-requested");
        cancel.GetProperty("batch").GetString().Should().Be(id);
        cancel.GetProperty("actor").GetString().Should().Be("alice@example.org");
        var audit = await service.GetAsync($"/audit?saga={ids[0]}");
        audit.GetProperty("items")[0].GetProperty("after").GetProperty("batch").GetString().Should().Be(id);
        (await service.Http.GetStringAsync("/metrics")).Should()
            .Contain("\n# TYPE orchestrator_batches_running gauge\n")
            .And.MatchRegex("\norchestrator_batches_sagas_total{result=\"accepted\"} [0-9]{3}\n");
        (await service.GetAsync("/batches")).GetProperty("items").EnumerateArray()
            .Should().Contain(each => each.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task A_batch_goes_on_after_the_service_was_stopped_and_started_again()
    {
        await using var own = await OwnService.StartAsync();
        using var held = new HeldStep(own.Service, "restart");
        var ids = await held.StartAsync(300);
        using var answer = await SendAsync(
            own.Service, "/batches", $$"""{"ids":{{JsonSerializer.Serialize(ids)}},"verb":"suspend"}""");
        var id = (await JsonOf(answer, 202)).GetProperty("id").GetString();

        await own.Service.RestartAsync();

        await Eventually.TrueAsync(async () => State(await own.Service.GetAsync($"/batches/{id}")) == "done", "it ends");
        Count(await own.Service.GetAsync($"/batches/{id}"), "accepted").Should().Be(300);
        var first = await own.Service.GetAsync($"/sagas/{ids[0]}/history");
        first.GetProperty("items").EnumerateArray().Count(e => Type(e) == "suspend-requested").Should().Be(1);
    }

    [Fact]
    public async Task Each_verb_that_needs_more_than_a_saga_takes_it()
    {
        using var held = new HeldStep(service, "more", "deadline: 10m\nmaxDeadline: 2h");
        var ids = JsonSerializer.Serialize(await held.StartAsync(2));
        var extend = $$"""{"ids":{{ids}},"verb":"extend","args":{"deadline":"30m"},"dryRun":true}""";
        var resend = $$"""{"ids":{{ids}},"verb":"resend","args":{"step":"more","data":{"pin":"4711"} },"dryRun":true}""";
        var resolve = $$"""{"ids":{{ids}},"verb":"resolve","args":{"step":"more","as":"undone"},"dryRun":true}""";
        var rerun = $$"""{"filter":{"ids":{{ids}}},"verb":"rerun","args":{"force":true},"dryRun":true}""";

        (await JsonOf(await PostAsync("/batches", extend), 200)).GetProperty("wouldDo")[0].GetProperty("effect")
            .GetString().Should().StartWith("ask 1 participant to hold on until 2");
        (await JsonOf(await PostAsync("/batches", resend), 200)).GetProperty("wouldDo")[0].GetProperty("effect")
            .GetString().Should().Be("send step more with the other data, once the old call is barred");
        Code(await JsonOf(await PostAsync("/batches", resolve), 200)).Should().Be("not-in-this-phase");
        Code(await JsonOf(await PostAsync("/batches", rerun), 200)).Should().Be("still-running");
        using var real = await PostAsync("/batches", resend.Replace(",\"dryRun\":true", "", StringComparison.Ordinal));
        var text = (await JsonOf(real, 202)).ToString();
        text.Should().Contain("\"step\":\"more\"").And.NotContain("4711", "viewers read batches");
        held.LetGo();
    }

    [Fact]
    public async Task A_request_that_comes_again_under_its_key_makes_no_second_batch()
    {
        using var held = new HeldStep(service, "keyed");
        var ids = JsonSerializer.Serialize(await held.StartAsync(2));
        var key = ("Idempotency-Key", "cancel-1");
        var body = $$"""{"ids":{{ids}},"verb":"cancel"}""";
        const string later = """{"filter":{"definition":"keyed","phase":"doing"},"verb":"cancel"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync("/batches", body, Actor, key)));
        var batches = new List<string?>();
        foreach (var answer in answers) batches.Add(Text(await RunningService.JsonOf(answer), "id"));
        var other = await PostAsync("/batches", later, Actor, key);
        var query = await PostAsync("/batches?x=1", body, Actor, key);
        using var elses = await PostAsync("/batches", body, ("X-Actor", "bob"), key);
        using var preview = await PostAsync("/batches", body[..^1] + ""","dryRun":true}""", Actor, key);

        answers.Select(answer => (int)answer.StatusCode).Order().Should().Equal([.. Enumerable.Repeat(200, 7), 202]);
        answers.Should().OnlyContain(answer => answer.Headers.Location!.ToString() == $"/batches/{batches[0]}");
        batches.Distinct().Should().ContainSingle();
        (await other.ShouldBeProblemAsync(409, "key-reused")).Detail().Should().Contain(batches[0]);
        await query.ShouldBeProblemAsync(409, "key-reused");
        Text(await JsonOf(elses, 202), "id").Should().NotBe(batches[0], "keys are each actor's own");
        await JsonOf(preview, 200);
        held.LetGo();
    }

    [Theory]
    [InlineData("{", 400, "malformed")]
    [InlineData("[]", 422, "invalid")]
    [InlineData("""{"verb":"cancel"}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":["a"],"filter":{}}""", 422, "invalid")]
    [InlineData("""{"verb":"explode","ids":["a"]}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":[]}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":[7]}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":"a"}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","filter":[]}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","filter":{"limit":"5"}}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","filter":{"stuck":[true]}}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","filter":{"phase":"asleep"}}""", 422, "bad-parameter")]
    [InlineData("""{"verb":"cancel","filter":{"fase":"doing"}}""", 400, "unknown-parameter")]
    [InlineData("""{"verb":"cancel","filter":{"definition":"nothing-of-this-name"}}""", 422, "nothing-matches")]
    [InlineData("""{"verb":"cancel","ids":["a"],"args":{"step":"x"}}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":["a"],"args":7}""", 422, "invalid")]
    [InlineData("""{"verb":"extend","ids":["a"]}""", 422, "invalid")]
    [InlineData("""{"verb":"extend","ids":["a"],"args":{"deadline":"soon"}}""", 422, "invalid")]
    [InlineData("""{"verb":"extend","ids":["a"],"args":{"deadline":"2020-01-01T00:00:00Z"}}""", 422, "invalid")]
    [InlineData("""{"verb":"resend","ids":["a"],"args":{}}""", 422, "invalid")]
    [InlineData("""{"verb":"resolve","ids":["a"],"args":{"step":"x","as":"maybe"}}""", 422, "invalid")]
    [InlineData("""{"verb":"resolve","ids":["a"],"args":{"step":"x","as":"undone","output":1}}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":["a"],"dryRun":"yes"}""", 422, "invalid")]
    [InlineData("""{"verb":"cancel","ids":["a"],"much":1}""", 422, "invalid")]
    public async Task A_wrong_batch_is_refused_with_everything_that_is_wrong(string body, int status, string code)
    {
        var answer = await PostAsync("/batches", body);

        await answer.ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task A_batch_has_a_size()
    {
        var many = JsonSerializer.Serialize(Enumerable.Range(0, 10_001).Select(i => $"s{i}"));

        var tooMany = await PostAsync("/batches", $$"""{"ids":{{many}},"verb":"cancel"}""");
        var tooLarge = await PostAsync("/batches", new string(' ', 1024 * 1024 + 1));
        var wrongType = await service.SendAsync(
            HttpMethod.Post, "/batches", RunningService.Body("{}", "text/plain"), Actor);

        (await tooMany.ShouldBeProblemAsync(422, "too-many-sagas")).Detail().Should().Contain("10000 sagas");
        await tooLarge.ShouldBeProblemAsync(413, "too-large");
        await wrongType.ShouldBeProblemAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_has_ended_cannot_be_stopped()
    {
        await (await service.Http.GetAsync("/batches/none")).ShouldBeProblemAsync(404, "not-found");
        await (await service.Http.GetAsync("/batches/none/results")).ShouldBeProblemAsync(404, "not-found");
        await (await PostAsync("/batches/none/stop", "{}")).ShouldBeProblemAsync(404, "not-found");
        await (await service.Http.GetAsync("/batches?limit=0")).ShouldBeProblemAsync(422, "bad-parameter");
        await (await service.Http.GetAsync("/batches?actor=x")).ShouldBeProblemAsync(400, "unknown-parameter");
        await (await service.Http.GetAsync("/audit?limit=x")).ShouldBeProblemAsync(422, "bad-parameter");
        await (await service.Http.GetAsync("/audit?cursor=x")).ShouldBeProblemAsync(422, "bad-parameter");
        await (await service.Http.GetAsync("/audit?who=x")).ShouldBeProblemAsync(400, "unknown-parameter");
        var batch = await JsonOf(await PostAsync("/batches", """{"ids":["nobody"],"verb":"retry"}"""), 202);
        var id = batch.GetProperty("id").GetString();
        await Eventually.TrueAsync(async () => State(await service.GetAsync($"/batches/{id}")) == "done", "it ends");

        var stop = await PostAsync($"/batches/{id}/stop", "{}");

        await stop.ShouldBeProblemAsync(409, "finished");
        var result = (await service.GetAsync($"/batches/{id}/results")).GetProperty("items")[0];
        (result.GetProperty("result").GetString(), Text(result, "code")).Should().Be(("refused", "not-found"));
        result.GetProperty("saga").ValueKind.Should().Be(JsonValueKind.Null);
        var wrong = await service.Http.GetAsync($"/batches/{id}/results?result=good");
        (await wrong.ShouldBeProblemAsync(422, "bad-parameter")).Detail().Should().Contain("accepted, refused, failed");
        await Eventually.TrueAsync(
            async () => (await service.GetAsync("/audit?verb=stop-batch")).GetProperty("items").EnumerateArray()
                .Any(entry => Text(entry, "target") == id && Text(entry, "code") == "finished"),
            "it is written");
    }

    [Fact]
    public async Task What_was_refused_is_in_the_audit_list_with_its_reason()
    {
        await service.DefineAsync("over");
        var id = (await service.FinishedAsync("over")).GetProperty("id").GetString();

        using var cancel = await PostAsync($"/sagas/{id}/cancel", """{"reason":"too late"}""");
        cancel.StatusCode.Should().Be(HttpStatusCode.Conflict);

        JsonElement entry = default;
        await Eventually.TrueAsync(
            async () => (entry = (await service.GetAsync($"/audit?saga={id}")).GetProperty("items").EnumerateArray()
                .FirstOrDefault()).ValueKind == JsonValueKind.Object,
            "it is written");
        (Text(entry, "verb"), Text(entry, "result"), Text(entry, "code"), Text(entry, "reason"), Text(entry, "actor"))
            .Should().Be(("cancel", "refused", "finished", "too late", "alice@example.org"));
        (await service.GetAsync("/audit?verb=put-definition&definition=over")).GetProperty("items").GetArrayLength()
            .Should().Be(1);
        using var put = await service.PutAsync("/participants/shop", """{"concurrency":7}""");
        var change = (await service.GetAsync("/audit?verb=put-participant&limit=1")).GetProperty("items")[0];
        change.GetProperty("before").GetProperty("concurrency").GetInt32().Should().Be(64);
        change.GetProperty("after").GetProperty("concurrency").GetInt32().Should().Be(7);
        using var back = await service.PutAsync("/participants/shop", """{"concurrency":64}""");
    }

    private static string? State(JsonElement batch) => Text(batch, "state");

    private static string? Type(JsonElement item) => Text(item, "type");

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static long Count(JsonElement batch, string name) => batch.GetProperty(name).GetInt64();

    private static string? Code(JsonElement preview) =>
        preview.GetProperty("refused").EnumerateArray().Single().GetProperty("code").GetString();

    private static async Task<JsonElement> JsonOf(HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).Should().Be(status, await answer.Content.ReadAsStringAsync());
        return await RunningService.JsonOf(answer);
    }

    private static Task<HttpResponseMessage> SendAsync(RunningService to, string path, string body) =>
        to.SendAsync(HttpMethod.Post, path, RunningService.Body(body), Actor);

    private Task<HttpResponseMessage> PostAsync(string path, string body) => PostAsync(path, body, Actor);

    private Task<HttpResponseMessage> PostAsync(string path, string body, params (string, string)[] headers) =>
        service.SendAsync(HttpMethod.Post, path, RunningService.Body(body), headers);

    private async Task<List<string?>> AllResultsAsync(string id)
    {
        var all = new List<string?>();
        var cursor = "";
        do
        {
            var page = await service.GetAsync($"/batches/{id}/results?limit=200&cursor={cursor}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "sagaId")));
            cursor = Text(page, "next") ?? "";
        }
        while (cursor.Length > 0);

        return all;
    }

    /// <summary>Sagas of one step whose participant does not answer until it is let go.</summary>
    private sealed class HeldStep(RunningService service, string name, string head = "deadline: 1h") : IDisposable
    {
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<List<string>> StartAsync(int count)
        {
            service.Participant.HoldBack($"{name}/do", held.Task);
            await service.DefineAsync(name, $"  - {{ name: {name}, participant: shop }}\n", head);
            var ids = new List<string>();
            for (var i = 0; i < count; i++) ids.Add(await service.StartedAsync(name));
            return ids;
        }

        public void LetGo() => held.TrySetResult();

        public void Dispose() => LetGo();
    }

    private sealed class OwnService(RunningService service) : IAsyncDisposable
    {
        public RunningService Service => service;

        public static async Task<OwnService> StartAsync() => new(await RunningService.StartAsync());

        public async ValueTask DisposeAsync() => await service.DisposeAsync();
    }
}
