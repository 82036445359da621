using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Participant;
using Orchestrator.Participant.Sql;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>Undos of many rows leave room for the commands that come meanwhile.</summary>
public abstract class StandBackStories(LedgerDialect dialect) : IDisposable
{
    private const int FirstSlice = 10;

    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private readonly ManualTime clock = new();
    private readonly ManualTime pauses = new();
    private readonly HandlerSwitches switches = new();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task After_a_slice_during_which_a_command_came_the_undos_stand_back()
    {
        await using var host = await StartAsync();
        var ledger = host.Services.GetRequiredService<LedgerDatabase>();
        Task<Answer>? doing = null;
        switches.InsideUndo = () =>
        {
            if (doing is not null) return;
            var begun = ledger.Begun;
            doing = Task.Run(() => new Commands(host.Client, clock).DoAsync("other"));
            SpinWait.SpinUntil(() => ledger.Begun > begun);
        };

        var undoing = host.Ledger.UndoDueAsync();
        while (pauses.Waiting == 0 && !undoing.IsCompleted) await Task.Yield();

        undoing.IsCompleted.Should().BeFalse();
        (await doing!).Summary.Should().Be("200 held");
        Undone().Should().Be(FirstSlice);
        pauses.Advance(TimeSpan.FromMilliseconds(4));
        (await undoing).Should().Be(2 * FirstSlice);
        Undone().Should().Be(2 * FirstSlice);
    }

    [Fact]
    public async Task While_no_command_comes_the_undos_do_not_wait()
    {
        await using var host = await StartAsync();

        (await host.Ledger.UndoDueAsync()).Should().Be(2 * FirstSlice);

        pauses.Waiting.Should().Be(0);
    }

    /// <summary>The first ten go before anybody comes; the command comes with the first of the next twenty.</summary>
    [Fact]
    public async Task Where_there_is_one_writer_a_command_that_comes_ends_the_slice_after_ten()
    {
        await using var host = await StartAsync(slices: 3);
        var ledger = host.Services.GetRequiredService<LedgerDatabase>();
        var undos = 0;
        Task<Answer>? doing = null;
        switches.InsideUndo = () =>
        {
            if (++undos != FirstSlice + 1) return;
            var begun = ledger.Begun;
            doing = Task.Run(() => new Commands(host.Client, clock).DoAsync("other"));
            SpinWait.SpinUntil(() => ledger.Begun > begun && (ledger.IsAwaited || !ledger.Dialect.HasSingleWriter));
        };

        var undoing = host.Ledger.UndoDueAsync();
        while (pauses.Waiting == 0 && !undoing.IsCompleted) await Task.Yield();

        (await doing!).Summary.Should().Be("200 held");
        Undone().Should().Be((ledger.Dialect.HasSingleWriter ? 2 : 3) * FirstSlice);
        pauses.Advance(TimeSpan.FromMilliseconds(4));
        (await undoing).Should().Be(3 * FirstSlice);
        ledger.IsAwaited.Should().BeFalse();
    }

    private async Task<ParticipantHost> StartAsync(int slices = 2)
    {
        var host = await ParticipantHost.StartAsync(
            database, clock, switches, configure: options => options.Waiting = pauses);
        LedgerRows.FillWithHeld(database, clock, rows: slices * FirstSlice);
        clock.Jump(Commands.Hold);
        return host;
    }

    private long Undone() => database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'undone'");
}
