using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Tidy;

public sealed class FoldTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Type[] EventTypes =
        [.. typeof(SagaEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SagaEvent)) && !type.IsAbstract)];

    [Fact]
    public void Every_event_is_folded() => Unfolded(SagaDecider.Evolve).Should().BeEmpty();

    [Fact]
    public void An_event_that_the_fold_does_not_know_is_found() =>
        Unfolded((state, e) => e is RetryRequested ? throw new UnreachableException("Unknown event.") : SagaDecider.Evolve(state, e))
            .Should().Equal(nameof(RetryRequested));

    [Fact]
    public void An_event_that_the_fold_lets_fall_is_found() =>
        Unfolded((state, e) => e is CallAnswered ? state : SagaDecider.Evolve(state, e))
            .Should().Equal(nameof(CallAnswered));

    [Fact]
    public void The_set_of_events_is_the_one_that_was_looked_for() =>
        EventTypes.Should().Contain([typeof(SagaStarted), typeof(CallSent), typeof(SagaEnded)])
            .And.OnlyContain(type => type.IsSealed);

    private static IEnumerable<string> Unfolded(Func<SagaState, SagaEvent, SagaState> evolve)
    {
        var before = SagaDecider.Before(Definition());
        var started = SagaDecider.Evolve(before, Sample<SagaStarted>());
        foreach (var type in EventTypes)
        {
            var from = type == typeof(SagaStarted) ? before : started;
            if (!IsCounted(evolve, from, (SagaEvent)Sample(type))) yield return type.Name;
        }
    }

    private static bool IsCounted(Func<SagaState, SagaEvent, SagaState> evolve, SagaState from, SagaEvent e)
    {
        try
        {
            return evolve(from, e).Version == from.Version + 1;
        }
        catch (UnreachableException)
        {
            return false;
        }
    }

    private static SagaDefinition Definition() => new()
    {
        Name = "d",
        Version = 1,
        Deadline = TimeSpan.FromMinutes(1),
        MaxDeadline = TimeSpan.FromMinutes(1),
        Guard = TimeSpan.FromSeconds(2),
        Participants = [new ParticipantDefinition("p", new Uri("http://127.0.0.1:1"), null, false)],
        Steps =
        [
            new StepDefinition
            {
                Name = "s",
                Participant = "p",
                Action = "s",
                Kind = StepKind.Compensatable,
                DoPath = "/do",
                ConfirmPath = "/confirm",
                UndoPath = "/undo",
                Input = InputMapping.WholeInput,
                Retry = RetryPolicy.Default,
            },
        ],
        Output = null,
    };

    private static T Sample<T>() => (T)Sample(typeof(T));

    private static object Sample(Type type)
    {
        var e = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
            property.SetValue(e, SampleOf(property));
        return e;
    }

    private static object? SampleOf(PropertyInfo property) => property switch
    {
        { Name: nameof(SagaStarted.ExpiresAt) } => At.AddMinutes(1),
        { PropertyType: var type } when type == typeof(DateTimeOffset) => At,
        { PropertyType: var type } when type == typeof(string) => "s",
        { PropertyType: var type } when type == typeof(int) => 1,
        { PropertyType: var type } when type == typeof(Answer) => new Answer { Status = 200 },
        { PropertyType: var type } when type == typeof(ImmutableSortedDictionary<string, string>) =>
            ImmutableSortedDictionary<string, string>.Empty,
        { PropertyType: var type } when type == typeof(CallTally) => CallTally.None,
        { PropertyType: var type } when type == typeof(RetryOverride) => RetryOverride.None,
        { PropertyType: var type } when type == typeof(JsonData?) || type == typeof(DateTimeOffset?) => null,
        { PropertyType.IsValueType: true } => RuntimeHelpers.GetUninitializedObject(property.PropertyType),
        _ => throw new InvalidOperationException($"Say here what a sample of {property.PropertyType} is."),
    };
}
