using System.Net;
using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>Suspend, resume, extend, resend, resolve and rerun, as a client sees them.</summary>
public sealed class DangerousVerbsOverHttp(RunningService service) : IClassFixture<RunningService>
{
    private const string Head = "deadline: 10m\nmaxDeadline: 1h";

    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    [Fact]
    public async Task A_suspended_saga_goes_on_with_the_resume()
    {
        var (id, held) = await OpenAsync("stilled", "stilled-next");

        using var suspend = await PostAsync(id, "suspend", """{"reason":"stocktaking"}""");
        held.SetResult();
        await UntilAsync(id, saga => StateOf(saga, "stilled") == "done");
        var suspended = await service.GetAsync($"/sagas/{id}");
        using var resume = await PostAsync(id, "resume", """{"reason":"counted"}""");
        var ended = await UntilAsync(id, saga => saga.GetProperty("phase").GetString() == "completed");

        suspend.StatusCode.Should().Be(HttpStatusCode.Accepted);
        resume.StatusCode.Should().Be(HttpStatusCode.Accepted);
        suspended.GetProperty("suspended").GetBoolean().Should().BeTrue();
        Strings(suspended, "allowed").Should().Contain("resume").And.NotContain("suspend");
        StateOf(suspended, "stilled-next").Should().Be("pending");
        ended.GetProperty("suspended").GetBoolean().Should().BeFalse();
        (await HistoryAsync(id, "resume-requested")).GetProperty("text").GetString().Should().Be("counted");
    }

    [Fact]
    public async Task An_extend_answers_once_the_participants_have()
    {
        var (id, held) = await OpenAsync("long", "long-next", "long-first");
        var before = (await service.GetAsync($"/sagas/{id}")).GetProperty("expiresAt").GetDateTimeOffset();
        var extending = PostAsync(id, "extend", """{"deadline":"30m","reason":"slow bank"}""");
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains("long-first/extend"), "it should be asked");
        (await ExtensionAsync(id)).GetProperty("state").GetString().Should().Be("asking");
        held.SetResult();

        using var answer = await extending;

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var saga = await RunningService.JsonOf(answer);
        var extension = saga.GetProperty("extension");
        extension.GetProperty("state").GetString().Should().Be("extended");
        extension.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(
            saga.GetProperty("expiresAt").GetDateTimeOffset());
        saga.GetProperty("expiresAt").GetDateTimeOffset().Should().BeAfter(before.AddMinutes(10));
        var asked = await HistoryAsync(id, "extend-requested");
        asked.GetProperty("actor").GetString().Should().Be("alice@example.org");
        asked.GetProperty("text").GetString().Should().Be("slow bank");
        await UntilAsync(id, now => now.GetProperty("phase").GetString() == "completed");
    }

    [Fact]
    public async Task An_extend_that_somebody_refuses_names_who_was_extended_and_who_was_not()
    {
        var (id, held) = await OpenAsync("torn", null, "torn-a", "torn-b");
        service.Participant.Answer("torn-b/extend", 410, """{"code":"expired","detail":"too late"}""");
        var before = (await service.GetAsync($"/sagas/{id}")).GetProperty("expiresAt").GetDateTimeOffset();

        var problem = await (await PostAsync(id, "extend", """{"deadline":"30m"}"""))
            .ShouldBeProblemAsync(409, "not-extended");
        var after = await service.GetAsync($"/sagas/{id}");
        (await ExtensionAsync(id)).GetProperty("state").GetString().Should().Be("not-extended");
        held.SetResult();

        Strings(problem, "extended").Should().Equal("torn-a");
        Strings(problem, "notExtended").Should().Contain("torn-b");
        problem.GetProperty("detail").GetString().Should().Contain("torn-b at shop").And.Contain("too late");
        Strings(problem, "allowed").Should().Contain("extend");
        after.GetProperty("phase").GetString().Should().Be("doing");
        after.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(before);
        after.GetProperty("steps")[0].GetProperty("heldUntil").GetDateTimeOffset().Should().BeAfter(before);
        after.GetProperty("steps")[1].GetProperty("heldUntil").GetDateTimeOffset().Should().Be(before);
    }

    [Theory]
    [InlineData("""{}""", 422, "invalid")]
    [InlineData("""{"deadline":5}""", 422, "invalid")]
    [InlineData("""{"deadline":"soon"}""", 422, "deadline")]
    [InlineData("""{"deadline":"0s"}""", 422, "deadline")]
    [InlineData("""{"deadline":"2020-01-01T00:00:00Z"}""", 422, "deadline")]
    [InlineData("""{"deadline":"61m"}""", 422, "deadline")]
    [InlineData("""{"deadline":"1s"}""", 422, "deadline")]
    [InlineData("""{"deadline":"9m"}""", 409, "not-extended")]
    [InlineData("""{"deadline":"30m","dedline":"1"}""", 422, "invalid")]
    public async Task A_wrong_deadline_is_refused_and_nothing_moves(string body, int status, string code)
    {
        var (id, held) = await OpenAsync("fixed");
        var before = (await service.GetAsync($"/sagas/{id}")).GetProperty("expiresAt").GetString();

        var answer = await PostAsync(id, "extend", body);
        var after = (await service.GetAsync($"/sagas/{id}")).GetProperty("expiresAt").GetString();
        held.SetResult();

        await answer.ShouldBeProblemAsync(status, code);
        after.Should().Be(before);
    }

    [Fact]
    public async Task Other_data_are_sent_under_another_key()
    {
        var (id, held) = await OpenAsync("edited");

        // Before the resend: its do may come at once, and would be held as the first one is.
        service.Participant.Answer("edited/do", 200);
        using var answer = await PostAsync(id, "steps/edited/resend", """{"data":{"amount":3},"reason":"typo"}""");
        var ended = await UntilAsync(id, saga => saga.GetProperty("phase").GetString() == "completed");
        held.SetResult();

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var asked = await HistoryAsync(id, "resend-requested");
        asked.GetProperty("data").GetRawText().Should().Be("""{"amount":3}""");
        asked.GetProperty("text").GetString().Should().Be("typo");
        var calls = (await service.GetAsync($"/sagas/{id}/history")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("type").GetString() == "call-sent")
            .Select(item => item.GetProperty("step").GetString() + "/" + item.GetProperty("command").GetString());
        calls.Should().Equal("edited/do", "edited/undo", "edited~2/do", "edited~2/confirm");
        StateOf(ended, "edited").Should().Be("confirmed");
    }

    [Fact]
    public async Task A_persons_word_ends_the_saga_and_the_participant_is_named_until_it_answers()
    {
        service.Participant.Answer("lost/undo", 503).Answer("lost-next/do", 409,
            """{"code":"refused","detail":"no"}""");
        await service.DefineAsync("lost", Steps("lost", "lost-next"), Head);
        var id = await service.StartedAsync("lost");
        await UntilAsync(id, saga => Steps(saga, "lost").Contains("resolve-undone"));

        using var answer = await PostAsync(id, "steps/lost/resolve", """{"as":"undone","reason":"rang them"}""");
        var ended = await UntilAsync(id, saga => saga.GetProperty("outcome").GetString() == "compensated");
        var rerun = await PostAsync(id, "rerun", "{}");
        var delete = await service.SendAsync(HttpMethod.Delete, $"/sagas/{id}", null, Actor);
        service.Participant.Answer("lost/undo", 200);
        var closed = await UntilAsync(id, saga => !Strings(saga, "unverified").Any());

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        Strings(ended, "unverified").Should().Equal("shop");
        Strings(ended, "allowed").Should().BeEmpty();
        await rerun.ShouldBeProblemAsync(409, "unverified");
        await delete.ShouldBeProblemAsync(409, "unverified");
        StateOf(closed, "lost").Should().Be("undone");
        closed.GetProperty("endedAt").GetString().Should().Be(ended.GetProperty("endedAt").GetString());
        Strings(closed, "allowed").Should().Equal("rerun", "delete");
        var said = await HistoryAsync(id, "resolve-requested");
        (said.GetProperty("as").GetString(), said.GetProperty("text").GetString()).Should().Be(("undone", "rang them"));
    }

    [Theory]
    [InlineData("steps/odd/resolve", """{}""", 422, "invalid")]
    [InlineData("steps/odd/resolve", """{"as":"maybe"}""", 422, "invalid")]
    [InlineData("steps/odd/resolve", """{"as":"undone","output":1}""", 422, "invalid")]
    [InlineData("steps/odd/resolve", """{"as":"undone"}""", 409, "not-in-this-phase")]
    [InlineData("steps/odd/resend", """{"date":1}""", 422, "invalid")]
    [InlineData("steps/odd/resend", """[]""", 422, "invalid")]
    [InlineData("steps/none/resend", """{}""", 404, "not-found")]
    [InlineData("steps/none/resolve", """{"as":"done"}""", 404, "not-found")]
    [InlineData("rerun", """{}""", 409, "still-running")]
    [InlineData("rerun", """{"force":1}""", 422, "invalid")]
    [InlineData("rerun", """{"deadline":"0s"}""", 422, "deadline")]
    [InlineData("suspend", """{"reson":"x"}""", 422, "invalid")]
    [InlineData("resume", "[]", 422, "invalid")]
    public async Task What_is_wrong_is_refused_with_a_sentence(string verb, string body, int status, string code)
    {
        var (id, held) = await OpenAsync("odd");

        var answer = await PostAsync(id, verb, body);
        held.SetResult();

        var problem = await answer.ShouldBeProblemAsync(status, code);
        if (status == 409) Strings(problem, "allowed").Should().Contain("cancel");
    }

    [Fact]
    public async Task A_rerun_is_a_new_saga_and_both_name_each_other()
    {
        await service.DefineAsync("twice", Steps("twice"), Head);
        var first = await service.FinishedAsync("twice?key=k1&tag.x=y", """{"n":1}""");
        var id = first.GetProperty("id").GetString()!;
        var key = ("Idempotency-Key", "rerun-1");

        var needs = await PostAsync(id, "rerun", "{}");
        using var answer = await PostAsync(id, "rerun", """{"force":true,"reason":"again"}""", key);
        using var repeated = await PostAsync(id, "rerun", """{"force":true,"reason":"again"}""", key);
        var reused = await PostAsync(id, "rerun", """{"force":true}""", key);
        var second = await RunningService.JsonOf(answer);

        await needs.ShouldBeProblemAsync(409, "needs-force");
        await reused.ShouldBeProblemAsync(409, "key-reused");
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().Should().Be($"/sagas/{second.GetProperty("id").GetString()}");
        repeated.StatusCode.Should().Be(HttpStatusCode.OK);
        (await RunningService.JsonOf(repeated)).GetProperty("id").GetString()
            .Should().Be(second.GetProperty("id").GetString());
        second.GetProperty("rerunOf").GetString().Should().Be(id);
        second.GetProperty("input").GetRawText().Should().Be("""{"n":1}""");
        second.GetProperty("businessKey").GetString().Should().Be("k1");
        Strings(await service.GetAsync($"/sagas/{id}"), "rerunAs").Should().Equal(second.GetProperty("id").GetString());
        (await HistoryAsync(id, "rerun-requested")).GetProperty("text").GetString().Should().Be("again");
        var more = await PostAsync(id, "rerun", """{"force":true}""");
        await more.ShouldBeProblemAsync(409, "already-rerun");
    }

    [Fact]
    public async Task A_rerun_may_have_another_input()
    {
        service.Participant.Answer("other/do", 409, """{"code":"refused","detail":"no"}""");
        await service.DefineAsync("other", Steps("other"), Head);
        var id = (await service.FinishedAsync("other", """{"n":1}""")).GetProperty("id").GetString()!;
        service.Participant.Answer("other/do", 200);

        using var answer = await PostAsync(id, "rerun", """{"input":{"n":2},"deadline":"20m"}""");
        var second = await RunningService.JsonOf(answer);

        second.GetProperty("input").GetRawText().Should().Be("""{"n":2}""");
        await UntilAsync(
            second.GetProperty("id").GetString()!, saga => saga.GetProperty("phase").GetString() == "completed");
    }

    [Fact]
    public async Task The_openapi_document_names_every_verb()
    {
        var paths = (await service.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .Select(path => path.Name);

        paths.Should().Contain(
        [
            "/sagas/{id}/suspend", "/sagas/{id}/resume", "/sagas/{id}/extend", "/sagas/{id}/rerun",
            "/sagas/{id}/steps/{step}/resend", "/sagas/{id}/steps/{step}/resolve",
        ]);
    }

    private static string Steps(params string?[] names) =>
        string.Concat(names.Where(name => name is not null)
            .Select(name => $"  - {{ name: {name}, participant: shop }}\n"));

    private static IEnumerable<string?> Strings(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private static JsonElement StepOf(JsonElement saga, string step) =>
        saga.GetProperty("steps").EnumerateArray().Single(one => one.GetProperty("name").GetString() == step);

    private static string? StateOf(JsonElement saga, string step) =>
        StepOf(saga, step).GetProperty("state").GetString();

    private static IEnumerable<string?> Steps(JsonElement saga, string step) => Strings(StepOf(saga, step), "allowed");

    private Task<HttpResponseMessage> PostAsync(
        string id, string verb, string body, params (string, string)[] headers) =>
        service.SendAsync(HttpMethod.Post, $"/sagas/{id}/{verb}", RunningService.Body(body), [Actor, .. headers]);

    private async Task<JsonElement> ExtensionAsync(string id) =>
        (await service.GetAsync($"/sagas/{id}")).GetProperty("extension");

    private async Task<JsonElement> HistoryAsync(string id, string type) =>
        (await service.GetAsync($"/sagas/{id}/history")).GetProperty("items").EnumerateArray()
            .Last(item => item.GetProperty("type").GetString() == type);

    private async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> isSo)
    {
        var saga = default(JsonElement);
        await Eventually.TrueAsync(
            async () => isSo(saga = await service.GetAsync($"/sagas/{id}")), "the saga should become so");
        return saga;
    }

    /// <summary>A saga whose step <paramref name="name" /> is held back, after and before others.</summary>
    private async Task<(string Id, TaskCompletionSource Held)> OpenAsync(
        string name, string? next = null, params string?[] before)
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack($"{name}/do", held.Task);
        await service.DefineAsync(name, Steps([.. before, name, next]), Head);
        var id = await service.StartedAsync(name);
        await UntilAsync(id, saga => StateOf(saga, name) == "calling");
        return (id, held);
    }
}
