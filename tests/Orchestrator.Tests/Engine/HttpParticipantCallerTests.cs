using System.Text;
using Microsoft.AspNetCore.Http;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Engine;

/// <summary>Calls over real HTTP: what goes out, and how what comes back is read.</summary>
public sealed class HttpParticipantCallerTests : IAsyncLifetime, IDisposable
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ManualTime time = new();
    private HttpParticipant participant = null!;
    private HttpWay way = null!;
    private RoutingParticipantCaller caller = null!;

    public async Task InitializeAsync()
    {
        participant = await HttpParticipant.StartAsync();
        way = new HttpWay(time);
        caller = new RoutingParticipantCaller(
            new OneParticipant(new ParticipantEntry("p-a", participant.Address, null, false, 1, false)),
            new ParticipantWays(way, null, null),
            new RecentCalls(TimeProvider.System), OneParticipant.Meter(), TimeProvider.System);
    }

    public async Task DisposeAsync() => await participant.DisposeAsync();

    public void Dispose() => way.Dispose();

    [Fact]
    public async Task A_do_is_a_cloud_event_with_every_attribute_of_the_protocol()
    {
        await CallAsync(Call("a"));

        var seen = participant.Seen.Single();
        seen.Method.Should().Be("POST");
        seen.Path.Should().Be("/base/saga/a/do");
        seen.Body.Should().Be("{\"n\":1}");
        seen.Headers.Should().Contain(new Dictionary<string, string>
        {
            ["ce-specversion"] = "1.0",
            ["ce-type"] = "saga.step.do",
            ["ce-id"] = "saga-1/a/do",
            ["ce-source"] = "/sagas/test",
            ["ce-time"] = "2026-01-31T12:00:00.000Z",
            ["ce-sagaid"] = "saga-1",
            ["ce-sagastep"] = "a",
            ["ce-sagaaction"] = "a",
            ["ce-sagakind"] = "compensatable",
            ["ce-sagaattempt"] = "1",
            ["ce-expirytime"] = "2026-01-31T12:01:00.000Z",
            ["ce-sagaremaining"] = "60000",
            ["Content-Type"] = "application/json",
        });
        seen.Headers["traceparent"].Should().Be(Trace, "nobody listens, so there is no span of ours to name");
    }

    [Theory]
    [InlineData("a:unarmed", "compensatable")]
    [InlineData("a:pivot", "pivot")]
    [InlineData("a:retriable", "retriable")]
    public async Task Only_armed_steps_carry_an_expiry(string step, string kind)
    {
        await CallAsync(Call(step));

        var seen = participant.Seen.Single();
        seen.Headers["ce-sagakind"].Should().Be(kind);
        seen.Headers.Should().NotContainKeys("ce-expirytime", "ce-sagaremaining");
    }

    [Theory]
    [InlineData(CommandKind.Confirm, "/base/saga/a/confirm", "saga.step.confirm")]
    [InlineData(CommandKind.Undo, "/base/saga/a/undo", "saga.step.undo")]
    public async Task Confirm_and_undo_carry_the_data_of_the_do(CommandKind command, string path, string type)
    {
        var answer = await CallAsync(Call("a", command));

        var seen = participant.Seen.Single();
        (seen.Path, seen.Headers["ce-type"], seen.Body).Should().Be((path, type, "{\"n\":1}"));
        answer.Output.Should().BeNull("bodies of confirm and undo are not read");
    }

    [Theory]
    [InlineData("{\"a\": 1}", "{\"a\": 1}", false)]
    [InlineData("", null, false)]
    [InlineData(" \n", null, false)]
    [InlineData("null", "null", false)]
    [InlineData("yes", null, true)]
    [InlineData("{\"a\":1}{", null, true)]
    public async Task The_body_of_a_done_do_is_its_output_when_it_is_json(string body, string? output, bool unreadable)
    {
        participant.Says = context => context.Response.WriteAsync(body);

        var answer = await CallAsync(Call("a"));

        answer.Status.Should().Be(200);
        (answer.Output?.ToString()).Should().Be(output);
        answer.Unreadable.Should().Be(unreadable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_unreadable(bool withLength)
    {
        participant.Says = async context =>
        {
            var body = Encoding.UTF8.GetBytes($"\"{new string('x', EngineLimits.MaxAnswerBytes)}\"");
            if (withLength) context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        };

        (await CallAsync(Call("a"))).Unreadable.Should().BeTrue();
    }

    [Fact]
    public async Task A_problem_gives_its_code_and_the_participants_own_words()
    {
        participant.Says = context =>
        {
            context.Response.StatusCode = 409;
            context.Response.Headers["Saga-State"] = "refused";
            context.Response.Headers["Saga-Ledger"] = "ledger-1";
            return context.Response.WriteAsync($$"""{"code":"refused","title":"No","detail":"{{new string('w', 3000)}}"}""");
        };

        var answer = await CallAsync(Call("a"));

        answer.Should().BeEquivalentTo(new { Status = 409, Code = "refused", LedgerState = "refused", Ledger = "ledger-1" });
        answer.Text.Should().HaveLength(EngineLimits.MaxTextLength);
    }

    [Fact]
    public async Task An_answer_that_is_no_problem_gives_its_text()
    {
        participant.Says = context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("<h1>oops</h1>");
        };

        (await CallAsync(Call("a"))).Should().BeEquivalentTo(new { Status = 500, Code = (string?)null, Text = "<h1>oops</h1>" });
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        participant.Says = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };

        (await CallAsync(Call("a"))).Status.Should().Be(302);
        participant.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task A_command_in_progress_is_asked_after_at_its_location()
    {
        participant.Says = context =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers.Location = "../../operations/7?x=1";
            return Task.CompletedTask;
        };
        var answer = await CallAsync(Call("a"));
        answer.Location.Should().Be("../../operations/7?x=1");

        await CallAsync(Call("a", askAt: answer.Location));

        participant.Seen.Last().Should().BeEquivalentTo(new { Method = "GET", Path = "/base/operations/7" });
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/steal")]
    [InlineData("https://example.org/")]
    [InlineData("//example.org/")]
    public async Task A_location_of_another_origin_is_not_asked(string location)
    {
        var answer = await CallAsync(Call("a", askAt: location));

        answer.Silence.Should().Be(Silence.Broken);
        answer.Text.Should().Contain(location);
        participant.Seen.Should().BeEmpty();
    }

    [Fact]
    public async Task An_answer_that_does_not_come_within_the_timeout_is_silence()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        participant.Says = async _ =>
        {
            arrived.SetResult();
            await release.Task;
        };
        var calling = CallAsync(Call("a"));
        await arrived.Task;

        time.Advance(TestDefinitions.Retry.Timeout);

        (await calling).Silence.Should().Be(Silence.TimedOut);
        release.SetResult();
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_broken_connection()
    {
        await participant.DisposeAsync();

        var answer = await CallAsync(Call("a"));

        answer.Silence.Should().Be(Silence.Broken);
        answer.Text.Should().Contain(participant.Address.Authority);
    }

    [Fact]
    public async Task A_participant_that_is_not_registered_is_named()
    {
        var answer = await CallAsync(Call("b"));

        answer.Should().BeEquivalentTo(new { Status = 0, Silence = Silence.Broken });
        answer.Text.Should().Contain("'p-b' is not registered");
    }

    [Fact]
    public void What_only_dapr_reaches_is_refused_with_a_sentence()
    {
        caller.WhyNot(new ParticipantDefinition("p", null, "app", false)).Should().Contain("Dapr");
        caller.WhyNot(new ParticipantDefinition("p", null, "app", true)).Should().Contain("pubsub");
        caller.WhyNot(new ParticipantDefinition("p", new Uri("ftp://x"), null, false)).Should().Contain("http");
        caller.WhyNot(new ParticipantDefinition("p", new Uri("http://x"), null, false)).Should().BeNull();
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(503, false)]
    public async Task Endings_are_told_as_one_event(int status, bool taken)
    {
        participant.Says = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        EndingRow[] endings = [new(1, "s1", SagaOutcome.Completed, ["p-a"]), new(2, "s2", SagaOutcome.Compensated, ["p-a"])];

        (await caller.TellEndedAsync("p-a", endings, CancellationToken.None)).Should().Be(taken);

        var seen = participant.Seen.Single();
        (seen.Path, seen.Headers["ce-type"]).Should().Be(("/base/saga/ended", "saga.ended"));
        seen.Headers.Should().NotContainKey("ce-sagaid");
        seen.Body.Should().Be("""[{"sagaId":"s1","outcome":"completed"},{"sagaId":"s2","outcome":"compensated"}]""");
    }

    private Task<Answer> CallAsync(ParticipantCall call) =>
        caller.CallAsync(call, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    private ParticipantCall Call(string step, CommandKind command = CommandKind.Do, string? askAt = null)
    {
        var definition = TestDefinitions.Of(step);
        var start = new SagaStarted
        {
            At = time.GetUtcNow(),
            SagaId = "saga-1",
            Definition = "test",
            DefinitionVersion = 1,
            Input = JsonData.FromText("{\"n\":1}"),
            ExpiresAt = time.GetUtcNow().AddSeconds(60),
            TraceParent = Trace,
        };
        var saga = (StartedSaga)SagaDecider.Evolve(SagaDecider.Before(definition), start);
        var state = saga.Steps[0] with { Data = start.Input };
        var sent = new CallSent { At = start.At, Step = state.Key, Command = command, Attempt = 1, AskAt = askAt };
        return ParticipantCall.Of(saga, state, sent);
    }
}
