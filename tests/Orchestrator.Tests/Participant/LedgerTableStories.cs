using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// The ledger table in docs/protocol.md section 2 for compensatable steps: do, confirm, undo over HTTP.
/// </summary>
public abstract class LedgerTableStories(LedgerDialect dialect) : LedgerTableSetup(dialect)
{
    [Fact]
    public async Task A_do_before_the_expiry_runs_the_action_and_is_held()
    {
        var answer = await steps.DoAsync("s1");

        answer.Summary.Should().Be("200 held");
        answer.Body.Should().Be("""{"id":"r-s1"}""");
        answer.ContentType.Should().Be("application/json");
        answer.Ledger.Should().Be(host.Ledger.LedgerId.ToString());
        database.Available().Should().Be(98);
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task The_row_keeps_the_trace_it_was_made_in()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await steps.DoAsync("s1", change: request => request.Headers.Add("traceparent", trace));
        await steps.ConfirmAsync("s1");
        await steps.DoAsync("s2");

        (await host.Ledger.FindAsync("s1", "reserve-stock"))!.TraceParent.Should().Be(trace);
        (await host.Ledger.FindAsync("s2", "reserve-stock"))!.TraceParent.Should().BeNull();
    }

    [Fact]
    public async Task A_ledger_of_before_gets_the_column_it_lacks_and_keeps_its_rows()
    {
        await steps.DoAsync("s1");
        await host.DisposeAsync();
        database.Execute("ALTER TABLE saga_ledger DROP COLUMN traceparent");

        host = await ParticipantHost.StartAsync(database, clock, switches);

        steps = new Commands(host.Client, clock);
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
        (await steps.DoAsync("s2")).Summary.Should().Be("200 held");
    }

    [Fact]
    public async Task A_do_that_the_business_refuses_is_refused_with_its_own_words()
    {
        switches.Refusal = "Only 1 piece of A1 is left.";

        var answer = await steps.DoAsync("s1");

        answer.Summary.Should().Be("409 refused refused");
        answer.Detail.Should().Be("Only 1 piece of A1 is left.");
        answer.ContentType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_refusal_that_was_cut_in_the_middle_of_a_character_is_stored_and_answered_again()
    {
        switches.Refusal = "No room for \ud83d";

        var answer = await steps.DoAsync("s1");
        var again = await steps.DoAsync("s1");

        answer.Summary.Should().Be("409 refused refused");
        answer.Detail.Should().Be("No room for \ufffd");
        again.Body.Should().Be(answer.Body);
    }

    [Fact]
    public async Task What_a_handler_wrote_before_it_refused_is_gone()
    {
        switches.Refusal = "No.";

        await steps.DoAsync("s1");

        database.Notes().Should().BeEmpty();
        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'refused'").Should().Be(1);
    }

    [Theory]
    [InlineData("held", 0, "200 held")]
    [InlineData("held", 61, "200 held")]
    [InlineData("confirmed", 0, "200 confirmed")]
    [InlineData("confirmed", 61, "200 confirmed")]
    [InlineData("refused", 0, "409 refused refused")]
    [InlineData("refused", 61, "409 refused refused")]
    [InlineData("undone", 0, "410 undone undone")]
    [InlineData("undone", 61, "410 undone undone")]
    [InlineData("expired", 0, "410 expired undone")]
    [InlineData("barred", 0, "410 barred barred")]
    [InlineData("barred", 61, "410 barred barred")]
    [InlineData("barred-by-expiry", 0, "410 expired barred")]
    [InlineData("barred-by-confirm", 0, "410 barred barred")]
    public async Task A_second_do_gets_the_stored_answer_and_runs_nothing(string state, int seconds, string expected)
    {
        await BringToAsync("s1", state);
        var notes = database.Notes();
        var first = await steps.DoAsync("s1");
        clock.Jump(TimeSpan.FromSeconds(seconds));

        var again = await steps.DoAsync("s1");

        again.Summary.Should().Be(expected);
        again.Body.Should().Be(first.Body);
        database.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task A_do_at_its_expiry_is_barred_and_never_runs()
    {
        var answer = await LateDoAsync("s1");

        answer.Summary.Should().Be("410 expired barred");
        database.Notes().Should().BeEmpty();
        (await steps.DoAsync("s1")).Summary.Should().Be("410 expired barred");
    }

    [Fact]
    public async Task A_confirm_without_a_do_bars_it()
    {
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("410 barred barred");
        (await steps.DoAsync("s1")).Summary.Should().Be("410 barred barred");
        database.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task A_confirm_before_the_expiry_confirms_and_runs_its_hook_once()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold - TimeSpan.FromMilliseconds(1));

        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");

        database.Notes().Should().Equal("do", "confirm");
    }

    [Fact]
    public async Task A_confirm_at_the_expiry_undoes_at_once()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold);

        (await steps.ConfirmAsync("s1")).Summary.Should().Be("410 expired undone");

        database.Notes().Should().Equal("do", "undo-expired");
        database.Available().Should().Be(100);
    }

    [Theory]
    [InlineData("undone", "410 undone undone")]
    [InlineData("expired", "410 expired undone")]
    [InlineData("refused", "410 refused refused")]
    [InlineData("barred", "410 barred barred")]
    [InlineData("barred-by-expiry", "410 expired barred")]
    public async Task A_confirm_of_what_is_over_is_gone(string state, string expected)
    {
        await BringToAsync("s1", state);
        var notes = database.Notes();

        (await steps.ConfirmAsync("s1")).Summary.Should().Be(expected);

        database.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task A_late_do_after_the_undo_is_barred()
    {
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 barred");
        (await steps.DoAsync("s1")).Summary.Should().Be("410 barred barred");
        (await steps.DoAsync("s1", """{"other":"data"}""")).Summary.Should().Be("410 barred barred");
        database.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task An_undo_of_a_held_step_runs_the_undo_once()
    {
        await steps.DoAsync("s1");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");

        database.Notes().Should().Equal("do", "undo");
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task An_undo_of_a_confirmed_step_runs_the_undo_and_tells_it_so()
    {
        await BringToAsync("s1", "confirmed");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");

        database.Notes().Should().Equal("do", "confirm", "undo-confirmed");
    }

    [Fact]
    public async Task The_undo_gets_what_the_action_received_and_answered()
    {
        await steps.DoAsync("s1", """{"sku":"A1","quantity":7}""");
        await steps.UndoAsync("s1");

        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo' AND detail = 'r-s1'").Should().Be(1);
    }

    [Theory]
    [InlineData("undone", "200 undone")]
    [InlineData("expired", "200 undone")]
    [InlineData("refused", "200 refused")]
    [InlineData("barred", "200 barred")]
    public async Task An_undo_of_what_is_over_changes_nothing(string state, string expected)
    {
        await BringToAsync("s1", state);
        var notes = database.Notes();

        (await steps.UndoAsync("s1")).Summary.Should().Be(expected);

        database.Notes().Should().Equal(notes);
    }
}
