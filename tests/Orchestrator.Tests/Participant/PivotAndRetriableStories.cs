using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>The columns of the ledger table for steps that cannot be undone over HTTP.</summary>
public abstract class PivotAndRetriableStories(LedgerDialect dialect) : IAsyncLifetime, IDisposable
{
    private readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private ParticipantHost host = null!;

    public async Task InitializeAsync() => host = await ParticipantHost.StartAsync(database, clock, switches);

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("pivot")]
    [InlineData("retriable")]
    public async Task It_is_confirmed_at_once_and_a_duplicate_gets_the_stored_answer(string kind)
    {
        var steps = Of(kind);

        var first = await steps.DoAsync("s1");
        clock.Jump(TimeSpan.FromHours(1));
        var again = await steps.DoAsync("s1");

        first.Summary.Should().Be("200 confirmed");
        again.Summary.Should().Be("200 confirmed");
        again.Body.Should().Be(first.Body);
        database.Notes().Should().Equal("do");
    }

    [Theory]
    [InlineData("pivot")]
    [InlineData("retriable")]
    public async Task Its_expiry_is_ignored(string kind)
    {
        var answer = await Of(kind).DoAsync("s1", change: r => r.Headers.Add("ce-expirytime", "2020-01-01T00:00:00.000Z"));

        answer.Summary.Should().Be("200 confirmed");
        (await host.Ledger.UndoDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_refused_pivot_keeps_its_refusal()
    {
        switches.Refusal = "The parcel is too large.";
        (await Of("pivot").DoAsync("s1")).Summary.Should().Be("409 refused refused");
        switches.Refusal = null;

        (await Of("pivot").DoAsync("s1")).Detail.Should().Be("The parcel is too large.");
        database.Notes().Should().BeEmpty();
    }

    [Fact]
    public async Task A_refused_retriable_leaves_no_row_and_may_come_again()
    {
        switches.Refusal = "Not yet.";
        (await Of("retriable").DoAsync("s1")).Summary.Should().Be("409 refused none");
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
        database.Notes().Should().BeEmpty();
        switches.Refusal = null;

        (await Of("retriable").DoAsync("s1")).Summary.Should().Be("200 confirmed");
        database.Notes().Should().Equal("do");
    }

    [Theory]
    [InlineData("pivot")]
    [InlineData("retriable")]
    public async Task Its_undo_is_refused_with_the_stored_output(string kind)
    {
        await Of(kind).DoAsync("s1");

        var answer = await Of(kind).UndoAsync("s1");

        answer.Summary.Should().Be("409 done confirmed");
        answer.Member("output").Should().Be("""{"id":"r-s1"}""");
        database.Notes().Should().Equal("do");
    }

    [Theory]
    [InlineData("pivot")]
    [InlineData("retriable")]
    public async Task Its_undo_before_the_do_bars_it(string kind)
    {
        (await Of(kind).UndoAsync("s1")).Summary.Should().Be("200 barred");
        (await Of(kind).DoAsync("s1")).Summary.Should().Be("410 barred barred");
        (await Of(kind).UndoAsync("s1")).Summary.Should().Be("200 barred");
        database.Notes().Should().BeEmpty();
    }

    [Theory]
    [InlineData("pivot")]
    [InlineData("retriable")]
    public async Task A_confirm_and_an_extend_find_it_confirmed(string kind)
    {
        await Of(kind).DoAsync("s1");

        (await Of(kind).ConfirmAsync("s1")).Summary.Should().Be("200 confirmed");
        (await Of(kind).ExtendAsync("s1", clock.GetUtcNow() + Commands.Hold)).Summary.Should().Be("200 confirmed");
    }

    [Fact]
    public async Task An_action_without_an_undo_cannot_be_compensatable()
    {
        var answer = await new Commands(host.Client, clock) { Action = "ship" }.DoAsync("s1");

        answer.Summary.Should().Be("400 malformed none");
        answer.Detail.Should().Contain("no undo");
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
    }

    private Commands Of(string kind) => new(host.Client, clock) { Kind = kind, Action = "ship", Step = "ship" };
}
