using Orchestrator.Contract;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Participant;

/// <summary>The participant keeps its deadlines when nobody else is alive.</summary>
public abstract class WatcherStories(LedgerDialect dialect) : IDisposable
{
    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_watcher_wakes_at_an_expiry_that_comes_before_its_sweep()
    {
        await using var host = await StartAsync(options => options.Sweep = TimeSpan.FromHours(1));
        var undone = NextUndo();
        await new Commands(host.Client, clock).DoAsync("s1");
        var expiresAt = clock.GetUtcNow() + Commands.Hold;
        while (clock.NextTimerAt != expiresAt) await Task.Yield();

        clock.Advance(Commands.Hold);
        await undone;

        database.WaitForWriter();
        database.Notes().Should().Equal("do", "undo-expired");
    }

    [Fact]
    public async Task The_watcher_finds_at_its_sweep_what_another_replica_wrote()
    {
        await using var host = await StartAsync();
        var undone = NextUndo();
        await using (var other = await StartAsync()) await new Commands(other.Client, clock).DoAsync("s1");
        clock.Jump(Commands.Hold);
        while (clock.NextTimerAt is null) await Task.Yield();

        clock.Advance(TimeSpan.FromSeconds(1));
        await undone;

        database.WaitForWriter();
        database.Notes().Should().Equal("do", "undo-expired");
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_the_watcher_from_its_sweep()
    {
        var sweep = TimeSpan.FromSeconds(1);
        var set = new SetClock(clock);
        await using var host = await ParticipantHost.StartAsync(database, set, switches);
        await Eventually.TrueAsync(() => clock.NextTimerAt == clock.GetUtcNow() + sweep, "it sleeps for a sweep");
        set.SetBy = TimeSpan.FromHours(-1);
        clock.Advance(sweep / 2);

        // Rings the alarm: the row is due before the instant it sleeps until, which is an hour away by now.
        await new Commands(host.Client, set).DoAsync("s1");

        await Eventually.TrueAsync(() => clock.NextTimerAt == clock.GetUtcNow() + sweep, "it sleeps for a sweep again");
    }

    [Fact]
    public async Task What_expired_while_the_host_was_down_is_undone_before_it_serves()
    {
        await using (var first = await StartAsync()) await new Commands(first.Client, clock).DoAsync("s1");
        clock.Jump(Commands.Hold);

        await using var second = await StartAsync();

        database.Notes().Should().Equal("do", "undo-expired");
        (await new Commands(second.Client, clock).ConfirmAsync("s1")).Summary.Should().Be("410 expired undone");
    }

    [Fact]
    public async Task The_ledger_keeps_its_id_over_a_restart()
    {
        Guid first;
        await using (var host = await StartAsync()) first = host.Ledger.LedgerId;
        await using var again = await StartAsync();

        again.Ledger.LedgerId.Should().Be(first).And.NotBe(Guid.Empty);
    }

    [Fact]
    public async Task An_undo_that_throws_is_set_aside_and_the_others_are_undone()
    {
        await using var host = await StartAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var id in new[] { "s1", "broken", "s3" }) await steps.DoAsync(id);
        clock.Jump(Commands.Hold);
        switches.UndoThrows = id => id == "broken";

        (await host.Ledger.UndoDueAsync()).Should().Be(2);

        database.Notes("broken").Should().Equal("do");
        var row = await host.Ledger.FindAsync("broken", "reserve-stock");
        row!.Attempts.Should().Be(1);
        row.NextTryAt.Should().Be(clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        database.Available().Should().Be(98);
    }

    [Fact]
    public async Task An_undo_that_throws_is_tried_again_with_longer_pauses_until_it_succeeds()
    {
        await using var host = await StartAsync(options => options.AttemptsBeforeAttention = 3);
        await new Commands(host.Client, clock).DoAsync("s1");
        clock.Jump(Commands.Hold);
        switches.UndoThrows = _ => true;
        var flagged = new List<bool>();
        foreach (var pause in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            await host.Ledger.UndoDueAsync();
            var row = await host.Ledger.FindAsync("s1", "reserve-stock");
            row!.NextTryAt.Should().Be(clock.GetUtcNow() + TimeSpan.FromSeconds(pause));
            flagged.Add(row.NeedsAttention);
            clock.Jump(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            (await host.Ledger.UndoDueAsync()).Should().Be(0);
            clock.Jump(TimeSpan.FromMilliseconds(1));
        }

        flagged.Should().Equal(false, false, true, true, true, true, true, true);
        switches.UndoThrows = _ => false;
        (await host.Ledger.UndoDueAsync()).Should().Be(1);
        database.Notes().Should().Equal("do", "undo-expired");
        (await host.Ledger.FindAsync("s1", "reserve-stock"))!.Attempts.Should().Be(9);
    }

    [Fact]
    public async Task An_action_that_is_no_longer_mapped_keeps_its_row_until_it_is()
    {
        await using var host = await StartAsync();
        await new Commands(host.Client, clock).DoAsync("s1");
        database.Execute("UPDATE saga_ledger SET action = 'gone'");

        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(0);
        (await host.Ledger.FindAsync("s1", "reserve-stock"))!.Attempts.Should().Be(1);
    }

    [Fact]
    public async Task A_thousand_rows_that_expire_at_once_are_all_undone_newest_first()
    {
        const int rows = 1000;
        await using var host = await StartAsync();
        FillWithHeld(rows);
        clock.Jump(Commands.Hold);

        (await host.Ledger.UndoDueAsync()).Should().Be(rows);

        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone'").Should().Be(rows);
        using var connection = database.Open();
        var order = Dapper.SqlMapper.Query<string>(
            connection, "SELECT saga_id FROM notes WHERE what = 'undo-expired' ORDER BY id").ToList();
        order.Should().HaveCount(rows).And.BeInDescendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Final_rows_are_purged_after_the_retention_once_the_end_was_heard_and_rows_in_doubt_never()
    {
        await using var host = await StartAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var id in new[] { "undone", "in-doubt", "completed", "compensated", "held" }) await steps.DoAsync(id);
        foreach (var id in new[] { "undone", "barred", "not-ended" }) await steps.UndoAsync(id);
        foreach (var id in new[] { "in-doubt", "completed", "compensated" }) await steps.ConfirmAsync(id);
        await steps.EndAsync("completed", "completed");
        await steps.EndAsync("compensated", "compensated", "held", "undone", "barred");
        clock.Jump(TimeSpan.FromDays(7));
        (await host.Ledger.PurgeAsync()).Should().Be(0);
        clock.Jump(TimeSpan.FromMilliseconds(1));

        (await host.Ledger.PurgeAsync()).Should().Be(3);

        foreach (var id in new[] { "in-doubt", "compensated", "held", "not-ended" })
            (await host.Ledger.FindAsync(id, "reserve-stock")).Should().NotBeNull(id);
    }

    [Fact]
    public async Task Purging_goes_on_beyond_one_batch()
    {
        await using var host = await StartAsync();
        FillWithHeld(1200);
        clock.Jump(Commands.Hold);
        await host.Ledger.UndoDueAsync();
        var steps = new Commands(host.Client, clock);
        foreach (var batch in Enumerable.Range(0, 1200).Select(LedgerRows.SagaId).Chunk(WireLimits.EndedSagas))
            await steps.EndAsync("compensated", batch);
        clock.Jump(TimeSpan.FromDays(8));

        (await host.Ledger.PurgeAsync()).Should().Be(1200);
    }

    private Task<ParticipantHost> StartAsync(Action<SagaParticipantOptions>? configure = null) =>
        ParticipantHost.StartAsync(database, clock, switches, configure: configure);

    private Task NextUndo()
    {
        var undone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        switches.InsideUndo = () => undone.TrySetResult();
        return undone.Task;
    }

    private void FillWithHeld(int rows) => LedgerRows.FillWithHeld(database, clock, rows);
}
