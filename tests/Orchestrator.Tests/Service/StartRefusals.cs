using System.Net.Http.Headers;
using System.Text;

namespace Orchestrator.Tests.Service;

/// <summary>
/// POST /sagas/{definition}, when something is wrong: what, where, and what to do; and the engine is unharmed.
/// </summary>
public sealed class StartRefusals(RunningService service) : IClassFixture<RunningService>
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("nul")]
    [InlineData("{\"a\":\"\0\"}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("// comment\n{}")]
    public async Task What_is_not_json_is_malformed(string body)
    {
        await service.DefineAsync("strict");

        var answer = await service.StartSagaAsync("strict", body);

        await answer.ShouldBeProblemAsync(400, "malformed");
    }

    [Fact]
    public async Task The_place_of_a_json_error_is_named()
    {
        await service.DefineAsync("strict");

        var problem = await (await service.StartSagaAsync("strict", "{\n  \"a\": oops\n}")).ShouldBeProblemAsync(400, "malformed");

        problem.Detail().Should().Contain("line 2").And.Contain("byte 8");
    }

    [Fact]
    public async Task Invalid_utf8_is_malformed()
    {
        await service.DefineAsync("strict");
        var body = new ByteArrayContent([.. "\""u8, 0xC3, 0x28, .. "\""u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var problem = await (await service.SendAsync(HttpMethod.Post, "/sagas/strict", body)).ShouldBeProblemAsync(400, "malformed");

        problem.Detail().Should().Contain("UTF-8");
    }

    [Fact]
    public async Task Sixty_four_levels_are_taken_and_one_more_is_too_deep()
    {
        await service.DefineAsync("deep");

        using var taken = await service.StartSagaAsync("deep", Nested(64));
        var problem = await (await service.StartSagaAsync("deep", Nested(65))).ShouldBeProblemAsync(422, "too-deep");

        ((int)taken.StatusCode).Should().Be(202);
        problem.GetProperty("problems")[0].GetProperty("line").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task Half_a_million_levels_are_too_deep_and_harm_nobody()
    {
        await service.DefineAsync("deep");

        await (await service.StartSagaAsync("deep", new string('[', 500_000))).ShouldBeProblemAsync(422, "too-deep");

        (await service.FinishedAsync("deep")).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_too_large_also_when_its_length_is_not_told()
    {
        await service.DefineAsync("strict");
        var large = "\"" + new string('x', (1024 * 1024) - 1) + "\"";

        var told = await service.StartSagaAsync("strict", large);
        using var stream = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large)));
        stream.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/sagas/strict") { Content = stream };
        request.Headers.TransferEncodingChunked = true;
        var untold = await service.Http.SendAsync(request);

        await told.ShouldBeProblemAsync(413, "too-large");
        await untold.ShouldBeProblemAsync(413, "too-large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task Another_content_type_is_not_taken(string type)
    {
        await service.DefineAsync("strict");

        var answer = await service.SendAsync(HttpMethod.Post, "/sagas/strict", RunningService.Body("{}", type));

        await answer.ShouldBeProblemAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task An_unknown_definition_is_not_found_and_the_nearest_is_named()
    {
        await service.DefineAsync("place-order");

        var problem = await (await service.StartSagaAsync("place-ordr")).ShouldBeProblemAsync(404, "not-found");

        problem.Detail().Should().Contain("place-order");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("")]
    [InlineData("-5s")]
    [InlineData("soon")]
    [InlineData("2s")]
    [InlineData("2h")]
    [InlineData("999999999d")]
    [InlineData("2001-01-01T00:00:00Z")]
    [InlineData("2199-01-01T00:00:00Z")]
    [InlineData("2026-11-22T00:00:00")]
    [InlineData("%00")]
    public async Task A_deadline_that_cannot_be_kept_is_refused(string deadline)
    {
        await service.DefineTimedAsync("bounded", "deadline: 10m\nmaxDeadline: 1h\nguard: 2s");

        var problem = await (await service.StartSagaAsync($"bounded?deadline={deadline}")).ShouldBeProblemAsync(422, "deadline");

        problem.Paths().Should().Equal("deadline");
    }

    [Theory]
    [InlineData("deadlin=10m", "unknown-parameter")]
    [InlineData("Deadline=10m", "unknown-parameter")]
    [InlineData("tagx=1", "unknown-parameter")]
    [InlineData("deadline=10m&deadline=20m", "bad-parameter")]
    [InlineData("tag.x=1&tag.x=2", "bad-parameter")]
    public async Task A_misspelt_or_repeated_parameter_is_refused_rather_than_ignored(string query, string code)
    {
        await service.DefineAsync("strict");

        await (await service.StartSagaAsync("strict?" + query)).ShouldBeProblemAsync(400, code);
    }

    [Fact]
    public async Task All_wrong_values_are_named_at_once()
    {
        await service.DefineAsync("strict");
        var many = string.Join('&', Enumerable.Range(0, 17).Select(i => $"tag.t{i}=1"));

        var problem = await (await service.StartSagaAsync(
            $"strict?deadline=never&key={new string('k', 257)}&tag.a%20b=1&tag.x={new string('v', 257)}&tag.y=%0A&tag.z=&{many}"))
            .ShouldBeProblemAsync(422, "deadline");

        problem.Paths().Should().BeEquivalentTo("deadline", "key", "tag", "tag.a b", "tag.x", "tag.y", "tag.z");
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("größe")]
    public async Task An_idempotency_key_that_is_none_is_refused(string key)
    {
        await service.DefineAsync("strict");

        var answer = await service.StartSagaAsync("strict", "{}", ("Idempotency-Key", key));

        await answer.ShouldBeProblemAsync(400, "bad-idempotency-key");
    }

    [Fact]
    public async Task An_idempotency_key_has_128_characters_at_most()
    {
        await service.DefineAsync("strict");

        using var longest = await service.StartSagaAsync("strict", "{}", ("Idempotency-Key", new string('k', 128)));
        var longer = await service.StartSagaAsync("strict", "{}", ("Idempotency-Key", new string('k', 129)));

        ((int)longest.StatusCode).Should().Be(202);
        await longer.ShouldBeProblemAsync(400, "bad-idempotency-key");
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);
}
