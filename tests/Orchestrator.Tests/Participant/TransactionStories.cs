using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>The ledger row and the business change are committed together or not at all, whatever goes wrong.</summary>
public abstract class TransactionStories(LedgerDialect dialect) : IAsyncLifetime, IDisposable
{
    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private ParticipantHost host = null!;
    private Commands steps = null!;

    public async Task InitializeAsync()
    {
        host = await ParticipantHost.StartAsync(database, clock, switches);
        steps = new Commands(host.Client, clock);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_action_that_throws_leaves_nothing_and_may_come_again()
    {
        switches.DoThrows = true;
        var answer = await steps.DoAsync("s1");

        answer.Summary.Should().Be("500 failed none");
        answer.Body.Should().NotContain("broken").And.NotContain("   at ");
        database.Notes().Should().BeEmpty();
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);

        switches.DoThrows = false;
        (await steps.DoAsync("s1")).Summary.Should().Be("200 held");
    }

    [Fact]
    public async Task An_action_that_ran_into_an_error_of_the_database_can_still_refuse()
    {
        switches.DoRunsIntoAnError = true;
        switches.Refusal = "No room.";

        (await steps.DoAsync("s1")).Summary.Should().Be("409 refused refused");

        database.Notes().Should().BeEmpty();
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_confirm_hook_that_throws_leaves_the_step_held()
    {
        await steps.DoAsync("s1");
        switches.ConfirmThrows = true;

        (await steps.ConfirmAsync("s1")).Summary.Should().Be("500 failed none");
        database.Notes().Should().Equal("do");

        switches.ConfirmThrows = false;
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
    }

    [Theory]
    [InlineData(false, "held")]
    [InlineData(true, "confirmed")]
    public async Task A_commanded_undo_that_throws_changes_nothing_but_the_tries(bool confirm, string state)
    {
        await steps.DoAsync("s1");
        if (confirm) await steps.ConfirmAsync("s1");
        switches.UndoThrows = _ => true;

        (await steps.UndoAsync("s1")).Code.Should().Be(500);
        (await steps.UndoAsync("s1")).Code.Should().Be(500);

        (await steps.GetAsync("s1")).Body.Should().Contain($"\"state\":\"{state}\"").And.Contain("\"attempts\":2");
        database.Available().Should().Be(98);

        switches.UndoThrows = _ => false;
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_confirm_at_the_expiry_whose_undo_throws_stays_held_until_the_undo_succeeds()
    {
        await steps.DoAsync("s1");
        clock.Jump(Commands.Hold);
        switches.UndoThrows = _ => true;
        (await steps.ConfirmAsync("s1")).Code.Should().Be(500);

        switches.UndoThrows = _ => false;
        (await steps.ConfirmAsync("s1")).Summary.Should().Be("410 expired undone");
    }

    [Fact]
    public async Task An_end_hook_that_throws_holds_up_no_other_ending()
    {
        await steps.DoAsync("s1");
        switches.EndThrows = true;
        (await steps.EndAsync("completed", "s1")).Code.Should().Be(500);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE ended_at IS NOT NULL").Should().Be(0);
        await new Commands(host.Client, clock) { Kind = "pivot", Action = "ship" }.DoAsync("s2");

        (await steps.EndAsync("completed", "s1", "s2")).Code.Should().Be(500);
        database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE ended_at IS NOT NULL").Should().Be(1);

        switches.EndThrows = false;
        (await steps.EndAsync("completed", "s1", "s2")).Code.Should().Be(200);
        database.Notes("s1").Should().Equal("do", "end-completed");
    }

    [Fact]
    public async Task A_caller_that_hangs_up_stops_nothing_that_has_begun()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        switches.InsideDo = () =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        await using var onPort = await ParticipantHost.StartAsync(database, clock, switches, onKestrel: true);
        using var hangUp = new CancellationTokenSource();
        var call = new Commands(onPort.Client, clock).DoAsync("s1", cancel: hangUp.Token);
        await begun.Task;
        await hangUp.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        goOn.SetResult();

        (await new Commands(onPort.Client, clock).DoAsync("s1")).Summary.Should().Be("200 held");
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task A_command_behind_an_action_that_hangs_is_answered_503_and_comes_again()
    {
        var inside = new TaskCompletionSource();
        var hangs = new TaskCompletionSource();
        switches.InsideDo = () =>
        {
            inside.TrySetResult();
            return hangs.Task;
        };
        var doing = steps.DoAsync("s1");
        await inside.Task;

        (await steps.UndoAsync("s1").WaitAsync(TimeSpan.FromSeconds(30))).Summary.Should().Be("503 busy none");

        hangs.SetResult();
        (await doing).Summary.Should().Be("200 held");
        (await steps.UndoAsync("s1")).Summary.Should().Be("200 undone");
        database.Notes().Should().Equal("do", "undo");
    }

    [Fact]
    public async Task A_database_that_stays_busy_is_answered_503_and_then_it_goes_on()
    {
        await using var impatient = await ParticipantHost.StartAsync(database, clock, switches, configure: options =>
            options.UseDatabase(database.Dialect, database.ConnectImpatiently));
        var commands = new Commands(impatient.Client, clock);
        Answer busy;
        using (database.Block()) busy = await commands.DoAsync("s1");

        busy.Summary.Should().Be("503 busy none");
        busy.Response.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        (await commands.DoAsync("s1")).Summary.Should().Be("200 held");
    }
}
