using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>GET /sagas/{id} and /sagas/{id}/history.</summary>
public sealed class HistoryStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_history_has_every_event_with_what_was_sent_and_received()
    {
        service.Participant.Answer("book/do", 200, """{"room":7}""");
        await service.DefineAsync("trip", "  - { name: book, participant: shop, input: { nights: $.input.nights } }\n");
        var id = (await service.FinishedAsync("trip", """{"nights":3}""")).GetProperty("id").GetString();

        var items = (await service.GetAsync($"/sagas/{id}/history")).GetProperty("items").EnumerateArray().ToList();

        items.Select(item => item.GetProperty("seq").GetInt32()).Should().Equal(Enumerable.Range(1, items.Count));
        items.Select(item => item.GetProperty("at").GetString()).Should().BeInAscendingOrder();
        Type(items[0]).Should().Be("saga-started");
        items[0].GetProperty("data").GetRawText().Should().Be("""{"nights":3}""");
        Type(items[^1]).Should().Be("saga-ended");
        items[^1].GetProperty("outcome").GetString().Should().Be("completed");
        var sent = items.First(item => Type(item) == "call-sent");
        sent.GetProperty("step").GetString().Should().Be("book");
        sent.GetProperty("command").GetString().Should().Be("do");
        sent.GetProperty("attempt").GetInt32().Should().Be(1);
        sent.GetProperty("data").GetRawText().Should().Be("""{"nights":3}""");
        sent.GetProperty("actor").GetString().Should().Be("orchestrator");
        var answered = items.First(item => Type(item) == "call-answered");
        answered.GetProperty("status").GetInt32().Should().Be(200);
        answered.GetProperty("data").GetRawText().Should().Be("""{"room":7}""");
        answered.GetProperty("actor").GetString().Should().Be("shop");
        items.Should().OnlyContain(item => HasAll(item));
    }

    [Fact]
    public async Task A_refusal_and_a_timer_keep_their_own_words()
    {
        service.Participant.Answer("deny/do", 409, """{"code":"refused","detail":"too late"}""");
        await service.DefineAsync("denied", "  - { name: deny, participant: shop }\n");
        var id = (await service.FinishedAsync("denied")).GetProperty("id").GetString();

        var items = (await service.GetAsync($"/sagas/{id}/history")).GetProperty("items").EnumerateArray().ToList();

        var answered = items.First(item => Type(item) == "call-answered");
        answered.GetProperty("code").GetString().Should().Be("refused");
        answered.GetProperty("text").GetString().Should().Be("too late");
        var timer = items.First(item => Type(item) == "timer-set");
        timer.GetProperty("timer").GetString().Should().Be("deadline");
        timer.GetProperty("dueAt").GetString().Should().EndWith("Z");
    }

    [Theory]
    [InlineData("/sagas/none")]
    [InlineData("/sagas/none/history")]
    [InlineData("/sagas/none/events")]
    [InlineData("/sagas/%27%20or%201=1")]
    public async Task An_unknown_saga_is_not_found(string path)
    {
        await (await service.Http.GetAsync(path)).ShouldBeProblemAsync(404, "not-found");
    }

    private static string? Type(JsonElement item) => item.GetProperty("type").GetString();

    private static bool HasAll(JsonElement item) =>
        new[] { "seq", "at", "type", "step", "attempt", "actor", "status", "data" }.All(name => item.TryGetProperty(name, out _));
}
