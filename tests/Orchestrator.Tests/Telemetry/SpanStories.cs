using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Tracing;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Telemetry;

/// <summary>One saga is one trace, on every engine, also when the engine that started it is gone.</summary>
[Collection(ListeningAlone.Name)]
public sealed class SpanStories
{
    private const string Callers = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData(EngineKind.Embedded)]
    [InlineData(EngineKind.Dapr)]
    [InlineData(EngineKind.EmbeddedOnPostgres)]
    public async Task A_saga_goes_on_in_its_trace_when_another_engine_takes_it_up(EngineKind kind)
    {
        using var spans = new SpanListener();
        var first = await EngineRig.StartAsync(kind);
        first.Caller.Answers = _ => new TaskCompletionSource<Answer>().Task;
        var definition = await first.PutAsync(TestDefinitions.Of("a", "b"));
        var outcome = await first.Engine.StartAsync(
            first.Request(definition) with { TraceParent = Callers }, CancellationToken.None).Soon();
        var start = outcome.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start;
        var before = await first.Caller.NextAsync();
        await first.CrashAsync();

        var caller = new ScriptedCaller();
        await using (var second = await EngineRig.StartAsync(kind, of: first, caller: caller))
        {
            var after = await caller.NextAsync();
            await second.EndAsync(start.SagaId);

            SagaTrace.IdOf(start).Should().Be(Trace);
            new[] { before, after, await caller.NextAsync() }.Should()
                .OnlyContain(call => call.TraceParent!.StartsWith($"00-{Trace}-") && call.TraceParent.EndsWith("-01"));
        }

        var begun = spans.Named($"start {definition.Name}").Single(span => $"{span.TraceId}" == Trace);
        begun.ParentId.Should().Be(Callers);
        begun.Id.Should().Be(start.TraceParent);
        spans.Named("turn").Where(span => $"{span.TraceId}" == Trace).Should().HaveCountGreaterThan(2)
            .And.OnlyContain(span => span.ParentSpanId == begun.SpanId);
        spans.Named($"saga {definition.Name}").Single(span => $"{span.TraceId}" == Trace).Should()
            .Match<Activity>(span => span.StartTimeUtc == start.At.UtcDateTime && span.ParentSpanId == begun.SpanId);
        Directory.Delete(first.Folder, recursive: true);
    }

    [Theory]
    [InlineData(EngineKind.Embedded)]
    [InlineData(EngineKind.Dapr)]
    public async Task A_saga_of_a_caller_that_does_not_record_keeps_its_trace_and_is_not_recorded(EngineKind kind)
    {
        using var spans = new SpanListener();
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));

        var outcome = await rig.Engine.StartAsync(
            rig.Request(definition) with { TraceParent = Callers.Replace("-01", "-00", StringComparison.Ordinal) },
            CancellationToken.None).Soon();
        await rig.EndAsync(outcome.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start.SagaId);

        (await rig.Caller.NextAsync()).TraceParent.Should().StartWith($"00-{Trace}-").And.EndWith("-00");
        spans.Stopped.Where(span => span.Recorded).Should().BeEmpty();
    }

    [Fact]
    public async Task A_start_that_comes_again_in_another_trace_points_to_that_of_the_saga()
    {
        using var spans = new SpanListener();
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var request = rig.Request(definition, key: "k");

        var first = await rig.Engine.StartAsync(request with { TraceParent = Callers }, CancellationToken.None).Soon();
        await rig.Engine.StartAsync(request, CancellationToken.None).Soon();

        var start = first.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start;
        var again = spans.Named($"start {definition.Name}").Single(span => $"{span.TraceId}" != Trace);
        again.Parent.Should().BeNull();
        again.Links.Select(link => $"{link.Context.TraceId}").Should().Equal(Trace);
        again.GetTagItem("saga.id").Should().Be(start.SagaId);
    }

    [Fact]
    public async Task A_saga_that_runs_again_points_to_the_one_it_runs_again()
    {
        using var spans = new SpanListener();
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);
        rig.Caller.Answers = call => Task.FromResult(
            call.Command == CommandKind.Do ? ScriptedCaller.No : ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var outcome = await rig.Engine.StartAsync(
            rig.Request(definition) with { TraceParent = Callers }, CancellationToken.None).Soon();
        var id = outcome.Should().BeOfType<StartOutcome.Started>().Subject.Saga.Start.SagaId;
        await rig.EndAsync(id);

        await rig.Engine.RerunAsync(
            new RerunRequest { SagaId = id, Start = rig.Request(definition), Actor = "ann" },
            CancellationToken.None).Soon();

        var again = spans.Named($"start {definition.Name}").Single(span => $"{span.TraceId}" != Trace);
        again.Links.Select(link => $"{link.Context.TraceId}").Should().Equal(Trace);
    }

    [Fact]
    public async Task Without_anybody_who_listens_a_saga_without_a_trace_has_its_id_for_one()
    {
        await using var rig = await EngineRig.StartAsync(EngineKind.Embedded);

        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));

        SagaTrace.IdOf(saga.Start).Should().Be(saga.Start.SagaId);
        SagaTrace.ContextOf(saga.Start.SagaId, null).Should().StartWith($"00-{saga.Start.SagaId}-").And.EndWith("-00");
        SagaTrace.ContextOf(saga.Start.SagaId, "no context").Should().StartWith($"00-{saga.Start.SagaId}-");
        SagaTrace.ContextOf("saga-1", null).Should().BeNull();
        Activity.Current.Should().BeNull();
    }
}
