using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Participant;

/// <summary>Two things at once to one row: exactly one of them happens, never both and never neither.</summary>
public abstract class RaceStories(LedgerDialect dialect, bool readsVersions = false) : IDisposable
{
    private const int OverHttp = 50;
    private const int AtOnce = 20;

    /// <summary>Longer than a step is held, so that only the expiry wakes the watchers.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromHours(1);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect, readsVersions);
    private readonly ManualTime clock = new();

    // A file is written to in microseconds; a server is asked over a socket.
    private readonly int inProcess = dialect == LedgerDialect.Sqlite ? 1000 : 200;

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_do_and_its_undo_race_many_times_in_process()
    {
        await using var host = await ParticipantHost.StartAsync(database, clock);
        var steps = new Commands(host.Client, clock);

        await RaceDoAndUndoAsync(steps, steps, inProcess);
    }

    [Fact]
    public async Task A_do_and_its_undo_race_50_times_over_HTTP_at_two_replicas()
    {
        await using var one = await ParticipantHost.StartAsync(database, clock, onKestrel: true);
        await using var two = await ParticipantHost.StartAsync(database, clock, onKestrel: true);

        await RaceDoAndUndoAsync(new Commands(one.Client, clock), new Commands(two.Client, clock), OverHttp);
    }

    [Fact]
    public async Task A_confirm_and_the_own_expiry_race_many_times_in_process()
    {
        await using var host = await ParticipantHost.StartAsync(database, clock);

        await RaceConfirmAndExpiryAsync(host, host, inProcess);
    }

    [Fact]
    public async Task A_confirm_and_the_own_expiry_race_50_times_over_HTTP_at_two_replicas()
    {
        await using var one = await ParticipantHost.StartAsync(database, clock, onKestrel: true);
        await using var two = await ParticipantHost.StartAsync(database, clock, onKestrel: true);

        await RaceConfirmAndExpiryAsync(one, two, OverHttp);
    }

    [Fact]
    public async Task The_sweeps_of_two_replicas_race_many_times_in_process()
    {
        await using var one = await ParticipantHost.StartAsync(database, clock);
        await using var two = await ParticipantHost.StartAsync(database, clock);
        for (var n = 0; n < inProcess; n++)
        {
            LedgerRows.FillWithHeld(database, clock, 1, $"r{n}-");
            clock.Jump(Commands.Hold);

            var undone = await Task.WhenAll(
                Task.Run(() => one.Ledger.UndoDueAsync()), Task.Run(() => two.Ledger.UndoDueAsync()));

            undone.Sum().Should().Be(1);
        }

        UndoneOnceEach(inProcess);
    }

    [Fact]
    public async Task The_watchers_of_two_replicas_race_50_times_over_steps_held_by_HTTP()
    {
        var clocks = new[] { new ManualTime(), new ManualTime() };
        await using var one = await StartWatchedAsync(clocks[0]);
        await using var two = await StartWatchedAsync(clocks[1]);
        for (var n = 0; n < OverHttp; n++)
        {
            var id = $"s{n}";
            var expiresAt = clocks[0].GetUtcNow() + Commands.Hold;
            (await new Commands(one.Client, clocks[0]).DoAsync(id)).Summary.Should().Be("200 held");
            // The other replica's watcher wakes at the same instant for a step of its own, and finds both.
            var other = new Commands(two.Client, clocks[1]) { Step = "other" };
            (await other.DoAsync(id)).Summary.Should().Be("200 held");
            await Task.WhenAll(clocks.Select(watch => SleepsUntilAsync(watch, expiresAt)));

            using var start = new Barrier(clocks.Length);
            await Task.WhenAll(clocks.Select(watch => Task.Run(() =>
            {
                start.SignalAndWait();
                watch.Advance(Commands.Hold);
            })));
            await Task.WhenAll(clocks.Select(watch => ThroughAsync(watch, expiresAt + Sweep)));
            var latest = clocks.Max(watch => watch.GetUtcNow());
            foreach (var watch in clocks) watch.Jump(latest - watch.GetUtcNow());

            database.Notes(id).Should().Equal("do", "do", "undo-expired", "undo-expired");
        }

        database.Available().Should().Be(100);
        database.Scalar(
            "SELECT COUNT(*) FROM (SELECT DISTINCT saga_id, step FROM notes WHERE what = 'undo-expired') AS pairs").Should().Be(2 * OverHttp);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone' AND attempts = 1").Should().Be(2 * OverHttp);
    }

    [Fact]
    public async Task Four_attempts_of_one_do_at_once_act_once_and_answer_alike()
    {
        await using var host = await ParticipantHost.StartAsync(database, clock);
        var steps = new Commands(host.Client, clock);
        for (var n = 0; n < OverHttp; n++)
        {
            var id = $"s{n}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => steps.DoAsync(id))));
            answers.Select(answer => answer.Body).Distinct().Should().HaveCount(1);
            database.Notes(id).Should().Equal("do");
        }
    }

    private Task<ParticipantHost> StartWatchedAsync(ManualTime watch) =>
        ParticipantHost.StartAsync(database, watch, onKestrel: true, configure: options => options.Sweep = Sweep);

    /// <summary>Until the watcher on this clock sleeps, and would wake at that instant.</summary>
    private static Task SleepsUntilAsync(ManualTime watch, DateTimeOffset at) =>
        Eventually.TrueAsync(() => watch.WaitingFor(at) > 0, "it sleeps");

    /// <summary>Until it sleeps to its sweep. A row that the other one holds makes it look again soon.</summary>
    private static Task ThroughAsync(ManualTime watch, DateTimeOffset sweepAt) => Eventually.TrueAsync(
        () =>
        {
            if (watch.NextTimerAt >= sweepAt) return true;
            if (watch.NextTimerAt is not null) watch.Advance(Soon);
            return false;
        },
        "nothing is due any more");

    private void UndoneOnceEach(int times)
    {
        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo-expired'").Should().Be(times);
        database.Scalar("SELECT COUNT(DISTINCT saga_id) FROM notes WHERE what = 'undo-expired'").Should().Be(times);
    }

    private async Task RaceDoAndUndoAsync(Commands one, Commands two, int times)
    {
        var races = Enumerable.Range(0, times).Chunk(AtOnce);
        var doWon = 0;
        foreach (var chunk in races)
        {
            await Task.WhenAll(chunk.Select(async n =>
            {
                var id = $"s{n}";
                var undoFirst = n % 2 == 0;
                var first = Task.Run(() => undoFirst ? two.UndoAsync(id) : one.DoAsync(id));
                var second = Task.Run(() => undoFirst ? one.DoAsync(id) : two.UndoAsync(id));
                var answers = await Task.WhenAll(first, second);
                var (done, undone) = undoFirst ? (answers[1], answers[0]) : (answers[0], answers[1]);
                if (done.Code == 200) Interlocked.Increment(ref doWon);
                (done.Summary, undone.Summary).Should().BeOneOf(
                    ("200 held", "200 undone"), ("410 barred barred", "200 barred"));
            }));
        }

        database.Available().Should().Be(100);
        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'do'").Should().Be(doWon);
        database.Scalar("SELECT COUNT(*) FROM notes WHERE what = 'undo'").Should().Be(doWon);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone'").Should().Be(doWon);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'barred'").Should().Be(times - doWon);
    }

    private async Task RaceConfirmAndExpiryAsync(ParticipantHost one, ParticipantHost two, int times)
    {
        var steps = new Commands(one.Client, clock);
        var confirmed = 0;
        for (var n = 0; n < times; n++)
        {
            var id = $"s{n}";
            await steps.DoAsync(id);
            clock.Jump(Commands.Hold - TimeSpan.FromMilliseconds(1));

            // The millisecond in which it expires passes at the same time.
            var confirm = Task.Run(() => steps.ConfirmAsync(id));
            var pass = Task.Run(() => clock.Jump(TimeSpan.FromMilliseconds(1)));
            var watch = Task.Run(() => two.Ledger.UndoDueAsync());
            await Task.WhenAll(confirm, pass, watch);
            await two.Ledger.UndoDueAsync();

            var answer = await confirm;
            answer.Summary.Should().BeOneOf("200 confirmed", "410 expired undone");
            if (answer.Code == 200) confirmed++;
            database.Notes(id).Should().Equal("do", answer.Code == 200 ? "confirm" : "undo-expired");
        }

        database.Available().Should().Be(100 - (2 * confirmed));
    }
}
