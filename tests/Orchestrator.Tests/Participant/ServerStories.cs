using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// What only a database with several writers can show: transactions that overlap, one of them held open by the test.
/// </summary>
public abstract class ServerStories(LedgerDialect dialect, bool readsVersions = false) : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect, readsVersions);
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private readonly HandlerSwitches others = new();
    private ParticipantHost host = null!;
    private ParticipantHost other = null!;
    private Commands steps = null!;

    public async Task InitializeAsync()
    {
        host = await ParticipantHost.StartAsync(database, clock, switches);
        other = await ParticipantHost.StartAsync(database, clock, others);
        steps = new Commands(host.Client, clock);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await other.DisposeAsync();
    }

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_undo_that_comes_while_the_action_runs_waits_for_it_and_undoes_it()
    {
        using var running = new Gate(switches);
        var doing = Task.Run(() => steps.DoAsync("s1"));
        await running.Reached;

        var undoing = Task.Run(() => new Commands(other.Client, clock).UndoAsync("s1"));
        await WaitingAsync();
        running.Open();

        (await doing).Summary.Should().Be("200 held");
        (await undoing).Summary.Should().Be("200 undone");
        database.Notes().Should().Equal("do", "undo");
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_second_do_that_comes_while_the_first_runs_waits_for_its_answer()
    {
        using var running = new Gate(switches);
        var first = Task.Run(() => steps.DoAsync("s1"));
        await running.Reached;

        var second = Task.Run(() => new Commands(other.Client, clock).DoAsync("s1"));
        await WaitingAsync();
        running.Open();

        (await second).Body.Should().Be((await first).Body);
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task A_second_do_that_comes_while_the_first_runs_acts_when_the_first_fails()
    {
        using var running = new Gate(switches);
        switches.DoThrows = true;
        var first = Task.Run(() => steps.DoAsync("s1"));
        await running.Reached;

        var second = Task.Run(() => new Commands(other.Client, clock).DoAsync("s1"));
        await WaitingAsync();
        running.Open();

        (await first).Summary.Should().Be("500 failed none");
        (await second).Summary.Should().Be("200 held");
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task An_action_that_takes_long_holds_up_neither_other_sagas_nor_the_watcher()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold);
        using var running = new Gate(switches);
        var slow = Task.Run(() => steps.DoAsync("s5"));
        await running.Reached;
        var theirs = new Commands(other.Client, clock);

        foreach (var id in new[] { "s4", "s6", "s9" }) (await theirs.DoAsync(id)).Summary.Should().Be("200 held");
        (await theirs.ConfirmAsync("s4")).Summary.Should().Be("200 confirmed");
        (await theirs.UndoAsync("s6")).Summary.Should().Be("200 undone");
        (await theirs.EndAsync("completed", "s4", "s6")).Code.Should().Be(200);
        // Long enough for the upkeep: both watchers purge, count, and ask for the next expiry.
        clock.Jump(TimeSpan.FromSeconds(30));
        clock.Advance(Sweep);
        await BothSleepAsync();
        database.Notes("s1").Should().Equal("do", "undo-expired");

        slow.IsCompleted.Should().BeFalse();
        running.Open();
        (await slow).Summary.Should().Be("200 held");
    }

    [Fact]
    public async Task A_sweep_leaves_out_what_another_replica_is_undoing()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold);
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        switches.InsideUndo = () =>
        {
            reached.Set();
            goOn.Wait();
        };
        var slow = Task.Run(() => host.Ledger.UndoDueAsync());
        reached.Wait();
        switches.InsideUndo = () => { };

        (await other.Ledger.UndoDueAsync()).Should().Be(0);
        goOn.Set();

        (await slow).Should().Be(1);
        database.Notes().Should().Equal("do", "undo-expired");
    }

    [Fact]
    public async Task Two_replicas_that_sweep_at_once_undo_a_thousand_rows_once_each()
    {
        const int rows = 1000;
        LedgerRows.FillWithHeld(database, clock, rows);
        clock.Jump(Commands.Hold);

        var undone = await Task.WhenAll(
            Task.Run(() => host.Ledger.UndoDueAsync()), Task.Run(() => other.Ledger.UndoDueAsync()));
        // Each may have left rows to the other that the other then gave back.
        var rest = await host.Ledger.UndoDueAsync();

        (undone.Sum() + rest).Should().Be(rows);
        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone' AND attempts = 1").Should().Be(rows);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(rows);
    }

    [Fact]
    public async Task Two_replicas_that_undo_many_at_once_undo_a_thousand_rows_once_each()
    {
        const int rows = 1000;
        var many = new ManyUndos();
        var able = new HandlerSwitches();
        able.UndoMany = undos => many.UndoAsync(undos, able);
        await using var one = await ParticipantHost.StartAsync(database, clock, able);
        await using var two = await ParticipantHost.StartAsync(database, clock, able);
        LedgerRows.FillWithHeld(database, clock, rows);
        clock.Jump(Commands.Hold);

        var undone = await Task.WhenAll(
            Task.Run(() => one.Ledger.UndoDueAsync()), Task.Run(() => two.Ledger.UndoDueAsync()));
        var rest = await one.Ledger.UndoDueAsync();

        (undone.Sum() + rest).Should().Be(rows);
        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone' AND attempts = 1").Should().Be(rows);
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(rows);
    }

    [Fact]
    public async Task An_undo_that_comes_while_many_are_undone_waits_for_them_and_undoes_nothing_again()
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var many = new ManyUndos
        {
            After = () =>
            {
                reached.Set();
                goOn.Wait();
            },
        };
        var able = new HandlerSwitches();
        able.UndoMany = undos => many.UndoAsync(undos, able);
        await using var one = await ParticipantHost.StartAsync(database, clock, able);
        LedgerRows.FillWithHeld(database, clock, 5);
        clock.Jump(Commands.Hold);
        var sweep = Task.Run(() => one.Ledger.UndoDueAsync());
        reached.Wait();

        var undoing = Task.Run(() => steps.UndoAsync(LedgerRows.SagaId(3)));
        await WaitingAsync();
        goOn.Set();

        (await sweep).Should().Be(5);
        (await undoing).Summary.Should().Be("200 undone");
        database.Scalar("SELECT COUNT(*) FROM notes").Should().Be(5);
        database.Available().Should().Be(100);
    }

    /// <summary>Until both watchers are through: one that met a locked row looks again soon, the other later.</summary>
    private Task BothSleepAsync() => Eventually.TrueAsync(() => clock.Waiting >= 2, "both watchers are through");

    /// <summary>Until a transaction waits for a lock that another holds.</summary>
    private Task WaitingAsync() =>
        Eventually.TrueAsync(() => database.Scalar(database.CountOfWaiting) > 0, "somebody waits");

    /// <summary>Stops the next run of an action until it is opened.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Gate(HandlerSwitches switches) => switches.InsideDo = () =>
        {
            switches.InsideDo = null;
            reached.SetResult();
            return open.Task;
        };

        public Task Reached => reached.Task;

        public void Open() => open.SetResult();

        public void Dispose() => open.TrySetResult();
    }
}
