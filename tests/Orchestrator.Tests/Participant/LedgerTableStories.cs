namespace Orchestrator.Tests.Participant;

/// <summary>Every cell of the ledger table in docs/protocol.md section 2, over HTTP on SQLite.</summary>
public sealed class LedgerTableStories : IAsyncLifetime, IDisposable
{
    private readonly LedgerFile file = new();
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private ParticipantHost host = null!;
    private Commands steps = null!;
    private Commands pivot = null!;
    private Commands retriable = null!;

    public async Task InitializeAsync()
    {
        // The sweep is long, so that only the test undoes what expired.
        host = await ParticipantHost.StartAsync(file, clock, switches, configure: o => o.Sweep = TimeSpan.FromHours(1));
        steps = new Commands(host.Client, clock);
        pivot = new Commands(host.Client, clock) { Kind = "pivot", Action = "ship", Step = "ship" };
        retriable = new Commands(host.Client, clock) { Kind = "retriable", Action = "ship", Step = "ship" };
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
}
