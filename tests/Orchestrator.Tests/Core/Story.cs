using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

/// <summary>
/// A saga told as <c>Given(definition).When(...).Then(...)</c>. When folds an event, decides, folds what was decided,
/// and checks the rules that hold at every turn; Then says exactly what the last When decided.
/// </summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<SagaEvent> history = [];
    private ImmutableArray<SagaEvent> decided = [];

    private Story(SagaDefinition definition) => State = SagaDecider.Before(definition);

    public SagaState State { get; private set; }

    public StartedSaga Saga => (StartedSaga)State;

    public IReadOnlyList<SagaEvent> History => history;

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>A saga of this definition, started with <paramref name="input" /> and a minute to live.</summary>
    public static Story Given(SagaDefinition definition, string input = "{}") =>
        new Story(definition).Record(new SagaStarted
        {
            At = Start,
            SagaId = "saga-1",
            Definition = definition.Name,
            DefinitionVersion = 1,
            Input = JsonData.FromText(input),
            ExpiresAt = Start + definition.Deadline,
        });

    public Story When(params Func<Story, SagaEvent>[] moves)
    {
        foreach (var move in moves) Record(move(this));
        return this;
    }

    /// <summary>Seconds from the start at which what follows happens.</summary>
    public Story At(double seconds)
    {
        Now = Start + TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>Exactly what the last event made the decider record, in order.</summary>
    public Story Then(params string[] lines)
    {
        decided.Select(Describe).Should().Equal(lines);
        return this;
    }

    public Story ThenIn(SagaPhase phase, string? reason = null)
    {
        Saga.Phase().Should().Be(phase);
        Saga.Reason()?.Code.Should().Be(reason);
        if (reason is not null) Saga.Reason().Should().NotBeNull();
        return this;
    }

    public Story And(Action<StartedSaga> check)
    {
        check(Saga);
        return this;
    }

    /// <summary>The state of a step under a ledger key.</summary>
    public StepState Key(string key) => Saga.AllKeys().Single(step => step.Key == key);

    public StepState Step(string name) => Saga.Steps.Single(step => step.Definition.Name == name);

    public static string Describe(SagaEvent e) => e switch
    {
        CallSent { AskAt: { } place } sent => $"ask {CallNames.Of(sent.Step, sent.Command, sent.Extension)} at {place}",
        CallSent { Attempt: 1 } sent => $"send {CallNames.Of(sent.Step, sent.Command, sent.Extension)}",
        CallSent sent => string.Create(
            CultureInfo.InvariantCulture,
            $"send {CallNames.Of(sent.Step, sent.Command, sent.Extension)} #{sent.Attempt}"),
        TimerSet timer => $"timer {timer.Timer}",
        SagaEnded end => $"end {end.Outcome}".ToLowerInvariant(),
        _ => e.GetType().Name,
    };

    private Story Record(SagaEvent e)
    {
        Fold(e);
        decided = SagaDecider.Decide(State, e.At);
        foreach (var next in decided) Fold(next);
        SagaDecider.Decide(State, e.At).Should().BeEmpty("what is decided is recorded, so deciding twice adds nothing");
        return this;
    }

    private void Fold(SagaEvent e)
    {
        State = SagaDecider.Evolve(State, e);
        history.Add(e);
        State.Version.Should().Be(history.Count);
    }
}
