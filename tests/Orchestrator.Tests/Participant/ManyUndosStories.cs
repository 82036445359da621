using Dapper;
using Orchestrator.Contract;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>A step that can undo many at once: what expires together is undone together, and still once each.</summary>
public abstract class ManyUndosStories(LedgerDialect dialect) : IDisposable
{
    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private readonly ManualTime clock = new();
    private readonly ManyUndos many = new();
    private readonly HandlerSwitches switches = new();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_thousand_steps_that_expire_at_once_are_undone_once_each_in_a_few_calls()
    {
        const int rows = 1000;
        await using var host = await StartAsync();
        LedgerRows.FillWithHeld(database, clock, rows);
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(rows);

        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone' AND attempts = 1").Should().Be(rows);
        database.Scalar("SELECT COUNT(DISTINCT saga_id) FROM notes WHERE what = 'undo-many'").Should().Be(rows);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(rows);
        many.Sizes.Should().HaveCountLessThan(15).And.OnlyContain(size => size >= 1 && size <= 250);
        many.Seen.Should().BeInDescendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Each_row_keeps_its_own_words_tries_and_end()
    {
        await using var host = await StartAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var id in new[] { "s1", "s2", "s3" })
        {
            await steps.DoAsync(id);
            clock.Jump(TimeSpan.FromMilliseconds(1));
        }

        await steps.EndAsync("compensated", "s2");
        database.Execute("UPDATE saga_ledger SET attempts = 4 WHERE saga_id = 's3'");
        clock.Jump(Commands.Hold);
        var now = clock.GetUtcNow();

        (await host.Ledger.UndoDueAsync()).Should().Be(3);

        many.Sizes.Should().Equal(3);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE due_at IS NULL AND needs_attention = 0").Should().Be(3);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE settled_at IS NOT NULL").Should().Be(1);
        foreach (var (id, attempts) in new[] { ("s1", 1), ("s2", 1), ("s3", 5) })
        {
            var row = await host.Ledger.FindAsync(id, "reserve-stock");
            row!.Attempts.Should().Be(attempts);
            row.NextTryAt.Should().BeNull();
            row.UpdatedAt.Should().Be(now);
            row.SettledAt.Should().Be(id == "s2" ? now : null);
            var answer = await steps.DoAsync(id);
            answer.Summary.Should().Be("410 expired undone");
            answer.Detail.Should().Contain($"saga {id} ").And.Be(row.Text);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_undone_does_not_hold_up_the_others_and_is_set_aside()
    {
        const int rows = 300;
        await using var host = await StartAsync();
        LedgerRows.FillWithHeld(database, clock, rows);
        clock.Jump(Commands.Hold);
        var broken = LedgerRows.SagaId(123);
        switches.UndoThrows = id => id == broken;

        (await host.Ledger.UndoDueAsync()).Should().Be(rows - 1);

        database.Available().Should().Be(99);
        database.Scalar("SELECT COUNT(DISTINCT saga_id) FROM notes").Should().Be(rows - 1);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(rows - 1);
        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo-many'").Should().BeGreaterThan(rows / 2);
        var row = await host.Ledger.FindAsync(broken, "reserve-stock");
        row!.Attempts.Should().Be(1);
        row.NextTryAt.Should().Be(clock.GetUtcNow() + TimeSpan.FromSeconds(1));

        switches.UndoThrows = _ => false;
        clock.Jump(TimeSpan.FromSeconds(1));
        (await host.Ledger.UndoDueAsync()).Should().Be(1);
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_handler_for_many_that_always_throws_leaves_the_undos_to_the_one_for_each()
    {
        await using var host = await StartAsync();
        LedgerRows.FillWithHeld(database, clock, 30);
        clock.Jump(Commands.Hold);
        many.Before = _ => throw new InvalidOperationException("It is broken.");

        (await host.Ledger.UndoDueAsync()).Should().Be(30);

        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo-expired'").Should().Be(30);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(30);
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task When_a_row_is_no_longer_as_it_was_read_nothing_of_the_slice_stays_and_it_is_done_again()
    {
        await using var host = await StartAsync();
        LedgerRows.FillWithHeld(database, clock, 5);
        clock.Jump(Commands.Hold);
        many.Before = undos =>
        {
            many.Before = null;
            // Whoever did this came past the lock; what the row says still counts.
            return undos.Connection.ExecuteAsync(
                "UPDATE saga_ledger SET state = 'confirmed', due_at = NULL WHERE saga_id = @id",
                new { id = LedgerRows.SagaId(2) }, undos.Transaction);
        };

        (await host.Ledger.UndoDueAsync()).Should().Be(5);

        many.Sizes.Should().Equal(5, 5);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(5);
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task What_was_confirmed_undone_or_extended_before_is_left_alone()
    {
        await using var host = await StartAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var id in new[] { "s1", "s2", "s3", "s4" }) await steps.DoAsync(id);
        await using (var other = await StartAsync())
        {
            var theirs = new Commands(other.Client, clock);
            await theirs.ConfirmAsync("s1");
            await theirs.UndoAsync("s2");
            await theirs.ExtendAsync("s3", clock.GetUtcNow() + (2 * Commands.Hold),
                change: request => request.Headers.Remove(SagaHeaders.SagaRemaining));
        }

        clock.Jump(Commands.Hold);
        (await host.Ledger.UndoDueAsync()).Should().Be(1);

        many.Seen.Should().Equal("s4");
        database.Notes("s1").Should().Equal("do", "confirm");
        database.Notes("s2").Should().Equal("do", "undo");
        database.Notes("s3").Should().Equal("do");
        database.Notes("s4").Should().Equal("do", "undo-many");
    }

    [Fact]
    public async Task A_host_that_ends_in_the_middle_leaves_nothing_half_done_and_the_next_one_undoes_it_all()
    {
        const int rows = 40;
        await using (var host = await StartAsync())
        {
            LedgerRows.FillWithHeld(database, clock, rows);
            clock.Jump(Commands.Hold);
            using var end = new CancellationTokenSource();
            many.After = () =>
            {
                many.After = null;
                end.Cancel();
                throw new OperationCanceledException(end.Token);
            };
            await host.Awaiting(one => one.Ledger.UndoDueAsync(end.Token))
                .Should().ThrowAsync<OperationCanceledException>();
            database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(0);
            database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'held'").Should().Be(rows);
        }

        await using var next = await StartAsync();

        database.Scalar("SELECT COUNT(DISTINCT saga_id) FROM notes").Should().Be(rows);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(rows);
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task An_undo_on_command_and_a_confirm_at_the_expiry_take_the_handler_for_one()
    {
        await using var host = await StartAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var id in new[] { "s1", "s2" }) await steps.DoAsync(id);
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        clock.Jump(Commands.Hold);
        (await steps.ConfirmAsync("s2")).Summary.Should().Be("410 expired undone");

        database.Notes("s1").Should().Equal("do", "undo");
        database.Notes("s2").Should().Equal("do", "undo-expired");
        many.Sizes.Should().BeEmpty();
    }

    [Fact]
    public async Task The_steps_of_one_saga_are_undone_newest_first_whichever_handler_undoes_them()
    {
        await using var host = await StartAsync();
        var orders = new Dictionary<string, string[]>
        {
            ["s1"] = ["reserve", "wrap", "reserve"],
            ["s2"] = ["wrap", "reserve", "wrap"],
            ["s3"] = ["reserve", "reserve", "wrap"],
        };
        foreach (var (id, actions) in orders)
        {
            foreach (var (action, n) in actions.Select((action, n) => (action, n)))
            {
                await new Commands(host.Client, clock) { Action = action, Step = $"{action}-{n}" }.DoAsync(id);
                clock.Jump(TimeSpan.FromMilliseconds(1));
            }
        }

        // Due in one instant, made one after the other.
        database.Execute("UPDATE saga_ledger SET expires_at = (SELECT MAX(expires_at) FROM saga_ledger)");
        database.Execute("UPDATE saga_ledger SET due_at = expires_at");
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(9);

        using var connection = database.Open();
        foreach (var (id, actions) in orders)
        {
            var undone = await connection.QueryAsync<string>(
                "SELECT step FROM notes WHERE saga_id = @id AND what <> 'do' ORDER BY id", new { id });
            undone.Should().Equal(actions.Select((action, n) => $"{action}-{n}").Reverse());
        }

        many.Sizes.Sum().Should().Be(5);
        database.Available().Should().Be(100);
    }

    private Task<ParticipantHost> StartAsync()
    {
        switches.UndoMany = undos => many.UndoAsync(undos, switches);
        return ParticipantHost.StartAsync(database, clock, switches);
    }
}
