using System.Diagnostics;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Telemetry;

/// <summary>A participant goes on in the saga's trace, by itself too.</summary>
[Collection(ListeningAlone.Name)]
public sealed class ParticipantSpanStories : IAsyncLifetime, IDisposable
{
    private const string Call = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ParticipantDatabase database = ParticipantDatabase.Create(LedgerDialect.Sqlite);
    private readonly ManualTime clock = new();
    private readonly HandlerSwitches switches = new();
    private readonly SpanListener spans = new();
    private ParticipantHost host = null!;

    public async Task InitializeAsync() => host = await ParticipantHost.StartAsync(database, clock, switches);

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose()
    {
        spans.Dispose();
        database.Dispose();
    }

    [Fact]
    public async Task A_command_hangs_below_the_call_that_sent_it()
    {
        await DoAsync("s1", Call);

        var span = spans.Named("do reserve").Single();
        span.ParentId.Should().Be(Call);
        span.Kind.Should().Be(ActivityKind.Server);
        span.GetTagItem("saga.id").Should().Be("s1");
        span.GetTagItem("saga.ledger_state").Should().Be("held");
    }

    [Fact]
    public async Task What_expires_is_undone_in_the_trace_of_the_saga_long_after_everybody_else_is_gone()
    {
        await DoAsync("s1", Call);
        await host.DisposeAsync();
        clock.Jump(Commands.Hold + TimeSpan.FromSeconds(3));

        host = await ParticipantHost.StartAsync(database, clock, switches);

        var undo = spans.Named("undo reserve").Single();
        undo.ParentId.Should().Be(Call);
        undo.GetTagItem("saga.by_expiry").Should().Be(true);
        undo.GetTagItem("saga.late_ms").Should().Be(3000L);
    }

    [Fact]
    public async Task Each_of_many_that_are_undone_at_once_is_in_the_trace_of_its_own_saga()
    {
        await DoAsync("s1", Call);
        await DoAsync("s2", "nonsense");
        await host.DisposeAsync();
        clock.Jump(Commands.Hold);
        switches.UndoMany = undos => new ManyUndos().UndoAsync(undos, switches);

        host = await ParticipantHost.StartAsync(database, clock, switches);

        var traced = spans.Named("undo reserve").ToDictionary(span => (string)span.GetTagItem("saga.id")!);
        traced["s1"].ParentId.Should().Be(Call);
        traced["s2"].ParentId.Should().BeNull();
        traced.Values.Should().OnlyContain(span => span.Status == ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task An_undo_at_the_expiry_that_throws_is_an_error_in_the_trace()
    {
        switches.UndoThrows = _ => true;
        await DoAsync("s1", Call);
        clock.Jump(Commands.Hold);

        await host.Ledger.UndoDueAsync();

        spans.Named("undo reserve").Should().NotBeEmpty().And.OnlyContain(
            span => span.Status == ActivityStatusCode.Error && span.ParentId == Call);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    public async Task A_trace_that_cannot_be_read_is_ignored(string traceParent)
    {
        (await DoAsync("s1", traceParent)).Summary.Should().Be("200 held");

        (await host.Ledger.FindAsync("s1", "reserve-stock"))!.TraceParent.Should().BeNull();
    }

    private Task<Answer> DoAsync(string sagaId, string traceParent) => new Commands(host.Client, clock).DoAsync(
        sagaId, change: request => request.Headers.TryAddWithoutValidation("traceparent", traceParent));
}
