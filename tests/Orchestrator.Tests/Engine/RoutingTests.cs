using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Engine;

/// <summary>Which way a call takes.</summary>
public sealed class RoutingTests
{
    private readonly NamedWay direct = new("direct");
    private readonly NamedWay app = new("app");
    private readonly NamedWay pubSub = new("pubsub");

    [Theory]
    [InlineData("url", CommandKind.Do, 1, "direct")]
    [InlineData("url", CommandKind.Undo, 2, "direct")]
    [InlineData("app", CommandKind.Do, 1, "app")]
    [InlineData("url pubsub", CommandKind.Do, 1, "pubsub")]
    [InlineData("url pubsub", CommandKind.Do, 2, "pubsub")]
    [InlineData("url pubsub", CommandKind.Confirm, 2, "pubsub")]
    [InlineData("url pubsub", CommandKind.Undo, 1, "pubsub")]
    [InlineData("url pubsub", CommandKind.Undo, 2, "direct")]
    [InlineData("url pubsub", CommandKind.Undo, 3, "pubsub")]
    [InlineData("app pubsub", CommandKind.Undo, 4, "app")]
    public async Task Only_an_undo_over_a_silent_broker_takes_turns_with_the_direct_way(
        string address, CommandKind command, int attempt, string way)
    {
        var answer = await Caller(address).CallAsync(Call(command, attempt), CancellationToken.None);

        answer.Text.Should().Be(way);
    }

    [Fact]
    public async Task A_timeout_that_an_operator_has_put_in_place_counts_for_the_next_call()
    {
        var retry = Orchestrator.Core.Definitions.RetryOverride.None with { Timeout = TimeSpan.FromSeconds(77) };
        var caller = new RoutingParticipantCaller(
            new OneParticipant(Entry("url") with { Retry = retry }), new ParticipantWays(direct, null, null),
            new RecentCalls(TimeProvider.System), OneParticipant.Meter(), TimeProvider.System);

        await caller.CallAsync(Call(CommandKind.Do, 1), CancellationToken.None);

        direct.Called!.Timeout.Should().Be(TimeSpan.FromSeconds(77));
    }

    [Fact]
    public async Task Endings_go_the_direct_way_when_the_broker_does_not_take_them()
    {
        pubSub.TakesEndings = false;

        (await Caller("url pubsub").TellEndedAsync("p", [], CancellationToken.None)).Should().BeTrue();

        (pubSub.Told, direct.Told).Should().Be((1, 1));
    }

    [Theory]
    [InlineData("app", "Dapr sidecar")]
    [InlineData("url pubsub", "Dapr sidecar")]
    public async Task What_needs_a_sidecar_says_so_where_there_is_none(string address, string part)
    {
        var caller = new RoutingParticipantCaller(
            new OneParticipant(Entry(address)), new ParticipantWays(direct, null, null),
            new RecentCalls(TimeProvider.System), OneParticipant.Meter(), TimeProvider.System);

        var answer = await caller.CallAsync(Call(CommandKind.Do, 1), CancellationToken.None);

        answer.Silence.Should().Be(Silence.Broken);
        answer.Text.Should().Contain(part);
        (await caller.TellEndedAsync("p", [], CancellationToken.None)).Should().BeFalse();
    }

    private static ParticipantEntry Entry(string address) => new(
        "p",
        address.StartsWith("url", StringComparison.Ordinal) ? new Uri("http://127.0.0.1:1") : null,
        address.StartsWith("app", StringComparison.Ordinal) ? "the-app" : null,
        address.EndsWith("pubsub", StringComparison.Ordinal),
        1,
        false);

    private static ParticipantCall Call(CommandKind command, int attempt) => new()
    {
        SagaId = "s",
        Definition = "d",
        Step = "a",
        Participant = "p",
        Action = "a",
        Kind = StepKind.Compensatable,
        Command = command,
        Attempt = attempt,
        Path = "/saga/a/do",
        Timeout = TimeSpan.FromSeconds(1),
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Data = JsonData.Null,
    };

    private RoutingParticipantCaller Caller(string address) =>
        new(
            new OneParticipant(Entry(address)), new ParticipantWays(direct, app, pubSub),
            new RecentCalls(TimeProvider.System), OneParticipant.Meter(), TimeProvider.System);

    private sealed class NamedWay(string name) : IParticipantWay
    {
        public bool TakesEndings { get; set; } = true;

        public int Told { get; private set; }

        public ParticipantCall? Called { get; private set; }

        public Task<Answer> CallAsync(ParticipantEntry to, ParticipantCall call, CancellationToken cancel)
        {
            Called = call;
            return Task.FromResult(new Answer { Status = 200, Text = name });
        }

        public Task<bool> TellEndedAsync(
            ParticipantEntry to, IReadOnlyList<EndingRow> endings, CancellationToken cancel)
        {
            Told++;
            return Task.FromResult(TakesEndings);
        }
    }
}
