namespace Orchestrator.Tests.Participant;

/// <summary>Every cell of the ledger table in docs/protocol.md section 2 for compensatable steps, over HTTP on SQLite.</summary>
public sealed class LedgerTableStories : IAsyncLifetime, IDisposable
{
    private readonly LedgerFile file = new();
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private ParticipantHost host = null!;
    private Commands steps = null!;

    public async Task InitializeAsync()
    {
        // The clock only jumps, which fires no timer: only the test undoes what expired.
        host = await ParticipantHost.StartAsync(file, clock, switches);
        steps = new Commands(host.Client, clock);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task A_do_before_the_expiry_runs_the_action_and_is_held()
    {
        var answer = await steps.DoAsync("s1");

        answer.Summary.Should().Be("200 held");
        answer.Body.Should().Be("""{"id":"r-s1"}""");
        answer.ContentType.Should().Be("application/json");
        answer.Ledger.Should().Be(host.Ledger.LedgerId.ToString());
        file.Available().Should().Be(98);
        file.Notes().Should().Equal("do");
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
    public async Task What_a_handler_wrote_before_it_refused_is_gone()
    {
        switches.Refusal = "No.";

        await steps.DoAsync("s1");

        file.Notes().Should().BeEmpty();
        file.Available().Should().Be(100);
        file.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'refused'").Should().Be(1);
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
        var notes = file.Notes();
        var first = await steps.DoAsync("s1");
        clock.Jump(TimeSpan.FromSeconds(seconds));

        var again = await steps.DoAsync("s1");

        again.Summary.Should().Be(expected);
        again.Body.Should().Be(first.Body);
        file.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task A_do_at_its_expiry_is_barred_and_never_runs()
    {
        var answer = await LateDoAsync("s1");

        answer.Summary.Should().Be("410 expired barred");
        file.Notes().Should().BeEmpty();
        (await steps.DoAsync("s1")).Summary.Should().Be("410 expired barred");
    }

    [Fact]
    public async Task A_confirm_without_a_do_bars_it()
    {
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("410 barred barred");
        (await steps.DoAsync("s1")).Summary.Should().Be("410 barred barred");
        file.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task A_confirm_before_the_expiry_confirms_and_runs_its_hook_once()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold - TimeSpan.FromMilliseconds(1));

        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");

        file.Notes().Should().Equal("do", "confirm");
    }

    [Fact]
    public async Task A_confirm_at_the_expiry_undoes_at_once()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold);

        (await steps.ConfirmAsync("s1")).Summary.Should().Be("410 expired undone");

        file.Notes().Should().Equal("do", "undo-expired");
        file.Available().Should().Be(100);
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
        var notes = file.Notes();

        (await steps.ConfirmAsync("s1")).Summary.Should().Be(expected);

        file.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task A_late_do_after_the_undo_is_barred()
    {
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 barred");
        (await steps.DoAsync("s1")).Summary.Should().Be("410 barred barred");
        (await steps.DoAsync("s1", """{"other":"data"}""")).Summary.Should().Be("410 barred barred");
        file.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task An_undo_of_a_held_step_runs_the_undo_once()
    {
        await steps.DoAsync("s1");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");

        file.Notes().Should().Equal("do", "undo");
        file.Available().Should().Be(100);
    }

    [Fact]
    public async Task An_undo_of_a_confirmed_step_runs_the_undo_and_tells_it_so()
    {
        await BringToAsync("s1", "confirmed");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");

        file.Notes().Should().Equal("do", "confirm", "undo-confirmed");
    }

    [Fact]
    public async Task The_undo_gets_what_the_action_received_and_answered()
    {
        await steps.DoAsync("s1", """{"sku":"A1","quantity":7}""");
        await steps.UndoAsync("s1");

        file.Available().Should().Be(100);
        file.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo' AND detail = 'r-s1'").Should().Be(1);
    }

    [Theory]
    [InlineData("undone", "200 undone")]
    [InlineData("expired", "200 undone")]
    [InlineData("refused", "200 refused")]
    [InlineData("barred", "200 barred")]
    public async Task An_undo_of_what_is_over_changes_nothing(string state, string expected)
    {
        await BringToAsync("s1", state);
        var notes = file.Notes();

        (await steps.UndoAsync("s1")).Summary.Should().Be(expected);

        file.Notes().Should().Equal(notes);
    }

    [Fact]
    public async Task An_extend_of_nothing_is_not_held()
    {
        (await steps.ExtendAsync("s1", clock.GetUtcNow() + Commands.Hold)).Summary.Should().Be("404 not-held none");
        file.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
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
        file.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
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

        file.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE ended_at IS NOT NULL").Should().Be(1);
        file.Notes().Where(what => what.StartsWith("end", StringComparison.Ordinal))
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
        file.Available().Should().Be(98);
    }

    [Fact]
    public async Task A_confirmed_step_of_a_saga_that_ended_compensated_still_owes_its_undo()
    {
        await BringToAsync("s1", "confirmed");
        await steps.EndAsync("compensated", "s1");

        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        file.Available().Should().Be(100);
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

        file.Notes().Should().Equal("do", "undo-expired");
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
        var notes = file.Notes();
        clock.Jump(TimeSpan.FromHours(1));

        (await host.Ledger.UndoDueAsync()).Should().Be(0);
        file.Notes().Should().Equal(notes);
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

    private Task<Answer> LateDoAsync(string sagaId) => steps.DoAsync(sagaId, change: request =>
    {
        request.Headers.Remove("ce-sagaremaining");
        request.Headers.Add("ce-sagaremaining", "0");
    });

    private async Task BringToAsync(string sagaId, string state)
    {
        if (state is "held" or "confirmed" or "undone" or "expired") await steps.DoAsync(sagaId);
        switch (state)
        {
            case "held":
                break;
            case "confirmed":
                await steps.ConfirmAsync(sagaId);
                break;
            case "undone" or "barred":
                await steps.UndoAsync(sagaId);
                break;
            case "expired":
                clock.Jump(Commands.Hold);
                await host.Ledger.UndoDueAsync();
                break;
            case "refused":
                switches.Refusal = "No.";
                await steps.DoAsync(sagaId);
                break;
            case "barred-by-expiry":
                await LateDoAsync(sagaId);
                break;
            case "barred-by-confirm":
                await steps.ConfirmAsync(sagaId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown.");
        }
    }
}
