using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>GET /sagas and /sagas/counts.</summary>
public sealed class ListStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_page_is_newest_first_and_the_cursor_is_stable_when_sagas_are_added()
    {
        await service.DefineAsync("paged");
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Add(await service.StartedAsync("paged"));
        ids.Reverse();

        var first = await service.GetAsync("/sagas?definition=paged&limit=3");
        await service.StartedAsync("paged");
        var second = await service.GetAsync($"/sagas?definition=paged&limit=3&cursor={Next(first)}");
        await service.StartedAsync("paged");
        var third = await service.GetAsync($"/sagas?definition=paged&limit=3&cursor={Next(second)}");

        Ids(first).Concat(Ids(second)).Concat(Ids(third)).Should().Equal(ids);
        third.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_line_of_the_list_has_every_field_also_when_it_is_null()
    {
        await service.DefineAsync("line");
        await service.FinishedAsync("line");

        var line = (await service.GetAsync("/sagas?definition=line")).GetProperty("items")[0];

        line.EnumerateObject().Select(p => p.Name).Should().Equal(
            "id", "definition", "definitionVersion", "phase", "outcome", "stuck", "suspended", "inDoubt", "reason",
            "startedAt", "expiresAt", "endedAt", "businessKey", "tags");
    }

    [Fact]
    public async Task Each_filter_narrows_the_list()
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack("keep/do", held.Task);
        service.Participant.Answer("no/do", 409, """{"code":"refused"}""");
        await service.DefineAsync("f-done");
        await service.DefineAsync("f-open", "  - { name: keep, participant: shop }\n");
        await service.DefineAsync("f-no", "  - { name: no, participant: shop }\n");
        var done = (await service.FinishedAsync("f-done?key=K%2F1&tag.shop=north&tag.vip=yes")).GetProperty("id").GetString()!;
        var open = await service.StartedAsync("f-open?key=K%2F2&tag.shop=north");
        var no = (await service.FinishedAsync("f-no")).GetProperty("id").GetString()!;

        Ids(await service.GetAsync("/sagas?definition=f-done")).Should().Equal(done);
        Ids(await service.GetAsync("/sagas?key=K%2F1")).Should().Equal(done);
        Ids(await service.GetAsync("/sagas?tag.shop=north")).Should().Equal(open, done);
        Ids(await service.GetAsync("/sagas?tag.shop=north&tag.vip=yes")).Should().Equal(done);
        Ids(await service.GetAsync("/sagas?phase=doing&definition=f-open")).Should().Equal(open);
        Ids(await service.GetAsync("/sagas?outcome=compensated&definition=f-no")).Should().Equal(no);
        Ids(await service.GetAsync("/sagas?outcome=completed&definition=f-no")).Should().BeEmpty();
        Ids(await service.GetAsync("/sagas?stuck=true")).Should().BeEmpty();
        Ids(await service.GetAsync("/sagas?overdue=true")).Should().BeEmpty();
        Ids(await service.GetAsync("/sagas?overdue=false&definition=f-open&phase=&key=")).Should().Equal(open);
        Ids(await service.GetAsync("/sagas?from=2199-01-01T00:00:00Z")).Should().BeEmpty();
        Ids(await service.GetAsync("/sagas?definition=f-no&from=2001-01-01T00:00:00Z&to=2199-01-01T00:00:00%2B01:00")).Should().Equal(no);
        held.SetResult();
    }

    [Fact]
    public async Task A_key_and_a_tag_may_be_written_in_any_language_also_beyond_the_first_plane()
    {
        await service.DefineAsync("tongues");
        const string words = "%F0%A0%AE%B7%E9%87%8E%20%D9%85%D8%B1%D8%AD%D8%A8%D8%A7%20%F0%9F%8E%89";
        var id = (await service.FinishedAsync($"tongues?key={words}&tag.shop={words}")).GetProperty("id").GetString()!;

        Ids(await service.GetAsync($"/sagas?key={words}")).Should().Equal(id);
        Ids(await service.GetAsync($"/sagas?tag.shop={words}")).Should().Equal(id);
    }

    [Theory]
    [InlineData("phase=running", "phase")]
    [InlineData("phase=Doing", "phase")]
    [InlineData("outcome=good", "outcome")]
    [InlineData("stuck=yes", "stuck")]
    [InlineData("overdue=1", "overdue")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-01-01", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=%27%3B--", "cursor")]
    [InlineData("key=%00", "key")]
    [InlineData("tag.%20=1", "tag. ")]
    public async Task A_wrong_filter_is_named(string query, string path)
    {
        var problem = await (await service.Http.GetAsync("/sagas?" + query)).ShouldBeProblemAsync(422, "bad-parameter");

        problem.Paths().Should().Equal(path);
    }

    [Fact]
    public async Task An_unknown_filter_is_refused()
    {
        var problem = await (await service.Http.GetAsync("/sagas?state=doing")).ShouldBeProblemAsync(400, "unknown-parameter");

        problem.Detail().Should().Contain("state").And.Contain("phase");
    }

    [Fact]
    public async Task Hostile_texts_in_filters_find_nothing_and_harm_nothing()
    {
        await service.DefineAsync("safe");
        await service.FinishedAsync("safe");

        Ids(await service.GetAsync("/sagas?definition=x%27%20OR%201=1;--&key=%25&tag.a=%27")).Should().BeEmpty();
        Ids(await service.GetAsync("/sagas?definition=safe")).Should().HaveCount(1);
    }

    [Fact]
    public async Task Counts_are_per_definition_and_phase_with_the_oldest_age()
    {
        await service.DefineAsync("counted");
        await service.FinishedAsync("counted");
        await service.FinishedAsync("counted");

        var counts = await service.GetAsync("/sagas/counts");

        var line = counts.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("definition").GetString() == "counted");
        line.GetProperty("phase").GetString().Should().Be("completed");
        line.GetProperty("count").GetInt64().Should().Be(2);
        line.GetProperty("oldestAgeSeconds").GetDouble().Should().BeGreaterOrEqualTo(0);
        line.GetProperty("oldestStartedAt").GetString().Should().EndWith("Z");
    }

    private static string Next(JsonElement page) => Uri.EscapeDataString(page.GetProperty("next").GetString()!);

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);
}
