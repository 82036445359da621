using System.Text.Json;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant;

/// <summary>What operators see of a ledger, and a ledger that is only shown.</summary>
public abstract class OperatorStories(LedgerDialect dialect) : LedgerTableSetup(dialect)
{
    [Fact]
    public async Task The_list_shows_every_row_once_page_by_page_in_the_order_of_its_key()
    {
        foreach (var id in new[] { "b", "a", "C", "a1" }) await steps.DoAsync(id);
        await new Commands(host.Client, clock) { Step = "other" }.DoAsync("a");
        await steps.ConfirmAsync("b");
        await steps.EndAsync("completed", "b");

        var keys = new List<string>();
        string? cursor = null;
        do
        {
            using var page = JsonDocument.Parse(await host.Client.GetStringAsync(
                $"/saga/ledger?limit=2&cursor={Uri.EscapeDataString(cursor ?? "")}"));
            keys.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(
                row => $"{row.GetProperty("sagaId")}/{row.GetProperty("step")} {row.GetProperty("state")}"));
            cursor = page.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);

        keys.Should().Equal(
            "C/reserve-stock held", "a/other held", "a/reserve-stock held", "a1/reserve-stock held", "b/reserve-stock confirmed");
    }

    [Fact]
    public async Task A_row_of_the_list_tells_how_its_saga_ended()
    {
        await BringToAsync("s1", "confirmed");
        await steps.EndAsync("completed", "s1");

        using var list = JsonDocument.Parse(await host.Client.GetStringAsync("/saga/ledger"));

        var row = list.RootElement.GetProperty("items")[0];
        row.EnumerateObject().Select(member => member.Name).Should().Equal(
            "sagaId", "step", "action", "kind", "state", "expiresAt", "endedAt", "endedAs", "attempts", "needsAttention", "updatedAt");
        row.GetProperty("endedAs").GetString().Should().Be("completed");
        row.GetProperty("kind").GetString().Should().Be("compensatable");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=many")]
    [InlineData("cursor=a")]
    [InlineData("cursor=a/b/c")]
    public async Task A_wrong_page_is_refused(string query)
    {
        using var answer = await host.Client.GetAsync($"/saga/ledger?{query}");

        (await Answer.ReadAsync(answer)).Summary.Should().Be("400 malformed none");
    }

    [Fact]
    public async Task The_list_wants_the_token()
    {
        await using var guarded = await ParticipantHost.StartAsync(
            database, clock, configure: options => options.Token = "a-token-of-the-operators");

        using var answer = await guarded.Client.GetAsync("/saga/ledger");

        (await Answer.ReadAsync(answer)).Summary.Should().Be("401 unauthorized none");
    }

    [Fact]
    public async Task A_ledger_on_standby_is_shown_and_does_nothing_until_it_is_started_without_it()
    {
        await steps.DoAsync("s1");
        await host.DisposeAsync();
        clock.Jump(Commands.Hold);

        host = await ParticipantHost.StartAsync(
            database, clock, switches, onKestrel: true, configure: options => options.Standby = true);
        steps = new Commands(host.Client, clock);

        (await steps.GetAsync("s1")).Body.Should().Contain("\"state\":\"held\"");
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("503 busy none");
        (await steps.UndoAsync("s1")).Summary.Should().Be("503 busy none");
        (await steps.DoAsync("s2")).Summary.Should().Be("503 busy none");
        (await steps.EndAsync("completed", "s1")).Summary.Should().Be("503 busy none");
        database.Notes().Should().Equal("do");
        await host.DisposeAsync();
        host = await ParticipantHost.StartAsync(database, clock, switches);
        database.Notes().Should().Equal("do", "undo-expired");
    }
}
