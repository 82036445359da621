using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>What the pages ask for beyond single sagas.</summary>
public sealed class OverviewStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task The_overview_counts_what_wants_attention_and_how_the_participants_are()
    {
        await service.DefineAsync("attention", "  - { name: hold, participant: shop, kind: retriable }\n");
        service.Participant.Answer("hold/do", 422, """{"code":"wrong","detail":"quantity"}""");
        var stuck = await service.StartedAsync("attention");
        await service.DefineAsync("calm");
        await service.FinishedAsync("calm");

        await Eventually.TrueAsync(
            async () => (await service.GetAsync("/overview")).GetProperty("stuck").GetInt64() == 1, "it is stuck");
        var overview = await service.GetAsync("/overview");

        overview.GetProperty("ready").GetBoolean().Should().BeTrue();
        overview.GetProperty("live").GetInt64().Should().Be(1);
        overview.GetProperty("oldestStuckSeconds").GetDouble().Should().BeGreaterThanOrEqualTo(0);
        overview.GetProperty("overdue").GetInt64().Should().Be(0);
        var minutes = overview.GetProperty("minutes").EnumerateArray().ToArray();
        // The other stories of this class start sagas of the same service.
        minutes.Sum(minute => minute.GetProperty("started").GetInt64()).Should().BeGreaterThanOrEqualTo(2);
        minutes.Sum(minute => minute.GetProperty("completed").GetInt64()).Should().BeGreaterThanOrEqualTo(1);
        var shop = overview.GetProperty("participants").EnumerateArray().Single();
        shop.GetProperty("name").GetString().Should().Be("shop");
        shop.GetProperty("recent").GetProperty("calls").GetInt64().Should().BeGreaterThanOrEqualTo(3);
        shop.GetProperty("recent").GetProperty("p99Ms").GetDouble().Should().BeGreaterThan(0);
        shop.GetProperty("lastAnswerAt").ValueKind.Should().Be(JsonValueKind.String);

        await SuspendAsync(stuck);
        (await IdsAsync("/sagas?suspended=true")).Should().Equal(stuck);
        (await IdsAsync("/sagas?suspended=false")).Should().NotContain(stuck);
        (await IdsAsync("/sagas?inDoubt=true")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_minutes_of_the_last_hour_are_still_there_after_a_restart()
    {
        var own = await RunningService.StartAsync();
        await own.DefineAsync("before");
        for (var i = 0; i < 3; i++) await own.FinishedAsync("before");
        own.Participant.Answer("refuse/do", 409, """{"code":"refused","detail":"no"}""");
        await own.DefineAsync("back", "  - { name: refuse, participant: shop }\n");
        await own.FinishedAsync("back");

        await own.RestartAsync();
        await own.FinishedAsync("before");

        await Eventually.TrueAsync(async () => await MinutesAsync(own) == (5, 4, 1), "all are counted once");
        (await own.GetAsync("/overview")).GetProperty("minutes").GetArrayLength().Should().Be(60);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task The_pulse_says_when_something_changed()
    {
        await service.DefineAsync("pulse");
        using var answer = await service.SendAsync(HttpMethod.Get, "/events/pulse");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var before = await NextAsync(reader);

        await service.FinishedAsync("pulse");

        var after = await NextAsync(reader);
        after.Should().BeGreaterThan(before);
        await Eventually.TrueAsync(
            async () => (await service.GetAsync("/overview")).GetProperty("change").GetInt64() >= after,
            "an overview says that it has seen the pulse");
    }

    [Fact]
    public async Task Each_participant_is_asked_what_its_ledger_says()
    {
        await service.DefineAsync("ledgers");
        var saga = (await service.FinishedAsync("ledgers")).GetProperty("id").GetString()!;

        var items = (await service.GetAsync($"/sagas/{saga}/ledgers")).GetProperty("items").EnumerateArray().ToArray();

        items.Should().ContainSingle();
        items[0].GetProperty("key").GetString().Should().Be("reserve");
        items[0].GetProperty("believed").GetString().Should().Be("confirmed");
        service.Participant.Seen.Should().Contain(seen => seen == $"reserve/{saga}");
        using var unknown = await service.Http.GetAsync("/sagas/0123456789abcdef0123456789abcdef/ledgers");
        await unknown.ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_definition_shows_its_versions_with_their_sagas_and_can_be_tried()
    {
        await service.DefineAsync("versions");
        await service.FinishedAsync("versions");
        await service.DefineAsync(
            "versions", "  - { name: reserve, participant: shop, input: { sku: $.input.sku } }\n");

        var items = (await service.GetAsync("/definitions/versions/versions")).GetProperty("items");
        using var tried = await service.SendAsync(
            HttpMethod.Post, "/definitions/versions/try", RunningService.Body("""{"input":{"sku":"A-1"}}"""));
        using var lacking = await service.SendAsync(
            HttpMethod.Post, "/definitions/versions/2/try", RunningService.Body("""{"input":{}}"""));
        using var wrong = await service.SendAsync(
            HttpMethod.Post, "/definitions/versions/try", RunningService.Body("""{"outputs":{"reserv":1}}"""));

        items.EnumerateArray()
            .Select(item => (item.GetProperty("version").GetInt32(), item.GetProperty("total").GetInt64()))
            .Should().Equal((2, 0), (1, 1));
        (await StepAsync(tried)).GetProperty("input").GetProperty("sku").GetString().Should().Be("A-1");
        (await StepAsync(lacking)).GetProperty("missing").GetString().Should().Be("$.input.sku");
        (await wrong.ShouldBeProblemAsync(422, "invalid")).Detail().Should().Contain("Did you mean \"reserve\"?");
    }

    private static async Task<(long Started, long Completed, long Compensated)> MinutesAsync(RunningService of)
    {
        var minutes = (await of.GetAsync("/overview")).GetProperty("minutes").EnumerateArray().ToArray();
        long Sum(string name) => minutes.Sum(minute => minute.GetProperty(name).GetInt64());
        return (Sum("started"), Sum("completed"), Sum("compensated"));
    }

    private static async Task<JsonElement> StepAsync(HttpResponseMessage answer) =>
        (await RunningService.JsonOf(answer)).GetProperty("steps")[0];

    private static async Task<long> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            using var data = JsonDocument.Parse(line[6..]);
            return data.RootElement.GetProperty("change").GetInt64();
        }

        throw new EndOfStreamException("The stream ended.");
    }

    private async Task SuspendAsync(string saga)
    {
        using var answer = await service.SendAsync(
            HttpMethod.Post, $"/sagas/{saga}/suspend", RunningService.Body("{}"), ("X-Actor", "tester"));
        ((int)answer.StatusCode).Should().Be(202);
    }

    private async Task<string?[]> IdsAsync(string path) =>
    [
        .. (await service.GetAsync(path)).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetString()),
    ];
}
