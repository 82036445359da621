using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// The ledger table in docs/protocol.md section 2 for compensatable steps: extend, end and the own expiry.
/// </summary>
public abstract class LedgerEndingStories(LedgerDialect dialect) : LedgerTableSetup(dialect)
{
    [Fact]
    public async Task An_extend_of_nothing_is_not_held()
    {
        (await steps.ExtendAsync("s1", clock.GetUtcNow() + Commands.Hold)).Summary.Should().Be("404 not-held none");
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    [Fact]
    public async Task An_extended_step_is_held_longer()
    {
        await steps.DoAsync("s1");
        (await steps.ExtendAsync("s1", clock.GetUtcNow() + TimeSpan.FromMinutes(5), change: NoRemaining))
            .Summary.Should().Be("200 held");
        clock.Jump(TimeSpan.FromMinutes(4));

        (await host.Ledger.UndoDueAsync()).Should().Be(0);
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(30)]
    public async Task An_extend_to_no_later_instant_is_not_extended(int seconds)
    {
        await steps.DoAsync("s1");

        (await steps.ExtendAsync("s1", clock.GetUtcNow() + TimeSpan.FromSeconds(seconds)))
            .Summary.Should().Be("409 not-extended held");
    }

    [Fact]
    public async Task An_extend_to_an_instant_that_is_past_is_not_extended()
    {
        await steps.DoAsync("s1");
        clock.Jump(TimeSpan.FromMinutes(3));

        (await steps.ExtendAsync("s1", clock.GetUtcNow() - TimeSpan.FromMinutes(1)))
            .Summary.Should().Be("409 not-extended held");
    }

    [Fact]
    public async Task The_same_extend_twice_is_answered_alike_and_another_one_is_not()
    {
        await steps.DoAsync("s1");
        var expiresAt = clock.GetUtcNow() + TimeSpan.FromMinutes(5);

        (await steps.ExtendAsync("s1", expiresAt, 1, NoRemaining)).Summary.Should().Be("200 held");
        (await steps.ExtendAsync("s1", expiresAt, 1, NoRemaining)).Summary.Should().Be("200 held");
        (await steps.ExtendAsync("s1", expiresAt, 2, NoRemaining)).Summary.Should().Be("409 not-extended held");
    }

    [Theory]
    [InlineData("confirmed", "200 confirmed")]
    [InlineData("undone", "410 undone undone")]
    [InlineData("refused", "410 refused refused")]
    [InlineData("barred", "410 barred barred")]
    public async Task An_extend_of_what_is_no_longer_held_changes_nothing(string state, string expected)
    {
        await BringToAsync("s1", state);
        (await steps.ExtendAsync("s1", clock.GetUtcNow() + TimeSpan.FromHours(1), change: NoRemaining))
            .Summary.Should().Be(expected);
    }

    [Fact]
    public async Task An_end_of_an_unknown_saga_is_accepted_and_leaves_no_row()
    {
        (await steps.EndAsync("completed", "s1")).Summary.Should().Be("200 none");
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    [Theory]
    [InlineData("held", "end-completed")]
    [InlineData("confirmed", "end-completed")]
    [InlineData("undone", "end-completed")]
    [InlineData("refused", null)]
    [InlineData("barred", null)]
    public async Task An_end_marks_the_row_and_runs_its_hook_once_where_something_was_done(string state, string? note)
    {
        await BringToAsync("s1", state);

        (await steps.EndAsync("completed", "s1", "unknown")).Summary.Should().Be("200 none");
        (await steps.EndAsync("completed", "s1")).Summary.Should().Be("200 none");

        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE ended_at IS NOT NULL").Should().Be(1);
        database.Notes().Where(what => what.StartsWith("end", StringComparison.Ordinal))
            .Should().Equal(note is null ? [] : [note]);
    }

    [Fact]
    public async Task A_confirmed_step_of_a_completed_saga_is_final()
    {
        await BringToAsync("s1", "confirmed");
        await steps.EndAsync("completed", "s1");

        var answer = await steps.UndoAsync("s1");

        answer.Summary.Should().Be("409 done confirmed");
        answer.Member("output").Should().Be("""{"id":"r-s1"}""");
        database.Available().Should().Be(98);
    }

    [Fact]
    public async Task A_confirmed_step_of_a_saga_that_ended_compensated_still_owes_its_undo()
    {
        await BringToAsync("s1", "confirmed");
        await steps.EndAsync("compensated", "s1");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_held_step_undoes_itself_when_its_expiry_passes_and_not_before()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold - TimeSpan.FromMilliseconds(1));
        (await host.Ledger.UndoDueAsync()).Should().Be(0);
        clock.Jump(TimeSpan.FromMilliseconds(1));

        (await host.Ledger.UndoDueAsync()).Should().Be(1);
        (await host.Ledger.UndoDueAsync()).Should().Be(0);

        database.Notes().Should().Equal("do", "undo-expired");
        (await steps.GetAsync("s1")).Body.Should().Contain("\"state\":\"undone\"");
    }

    [Theory]
    [InlineData("confirmed")]
    [InlineData("undone")]
    [InlineData("refused")]
    [InlineData("barred")]
    public async Task The_expiry_changes_nothing_of_a_step_that_is_not_held(string state)
    {
        await BringToAsync("s1", state);
        var notes = database.Notes();
        clock.Jump(TimeSpan.FromHours(1));

        (await host.Ledger.UndoDueAsync()).Should().Be(0);
        database.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task What_is_left_when_it_was_sent_arms_an_earlier_expiry_than_a_fast_clock_does()
    {
        await steps.DoAsync("s1", change: request =>
        {
            request.Headers.Remove("ce-expirytime");
            request.Headers.Add("ce-expirytime", "2027-01-01T00:00:00.000Z");
        });
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(1);
    }

    private static void NoRemaining(HttpRequestMessage request) => request.Headers.Remove("ce-sagaremaining");
}
