using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>The pure part of one S3+confirm saga.</summary>
[MemoryDiagnoser]
public class OneSaga
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Answer Done = new() { Status = 200, Output = JsonData.FromText("""{"id":"r-4711"}""") };

    private readonly SagaDefinition definition = ThreeSteps();
    private readonly SagaStarted start = new()
    {
        At = At,
        SagaId = "0197a6e4b0c17d2f8a3b5c6d7e8f9a0b",
        Definition = "bench",
        DefinitionVersion = 1,
        Input = JsonData.FromText("""{"order":"o-4711","sku":"A1","quantity":2,"amount":1999}"""),
        ExpiresAt = At.AddMinutes(5),
    };

    private ImmutableArray<SagaEvent> history;

    [GlobalSetup]
    public void Prepare()
    {
        history = Play();
        if (Fold() is not Ended { End.Outcome: SagaOutcome.Completed })
            throw new InvalidOperationException("The saga of the benchmark does not complete.");
    }

    /// <summary>Everything decided and folded, from the start to the end.</summary>
    [Benchmark(Description = "decide and fold a saga")]
    public ImmutableArray<SagaEvent> Play()
    {
        var events = ImmutableArray.CreateBuilder<SagaEvent>();
        var open = new Queue<CallSent>();
        var state = SagaDecider.Before(definition);
        Record(start);
        while (open.TryDequeue(out var call))
            Record(new CallAnswered
            {
                At = At,
                Step = call.Step,
                Command = call.Command,
                Attempt = call.Attempt,
                Answer = Done,
            });
        return events.ToImmutable();

        void Record(SagaEvent e)
        {
            state = SagaDecider.Evolve(state, e);
            events.Add(e);
            foreach (var decided in SagaDecider.Decide(state, e.At))
            {
                state = SagaDecider.Evolve(state, decided);
                events.Add(decided);
                if (decided is CallSent sent) open.Enqueue(sent);
            }
        }
    }

    /// <summary>Folding its whole history, as after a crash.</summary>
    [Benchmark(Description = "fold a history")]
    public SagaState Fold() => history.Aggregate(SagaDecider.Before(definition), SagaDecider.Evolve);

    internal static SagaDefinition ThreeSteps() => new()
    {
        Name = "bench",
        Version = 1,
        Deadline = TimeSpan.FromMinutes(5),
        MaxDeadline = TimeSpan.FromMinutes(5),
        Guard = TimeSpan.FromSeconds(2),
        Participants = [new ParticipantDefinition("p", new Uri("http://127.0.0.1:1"), null, false)],
        Steps =
        [
            Step("one", """{"sku":"$.input.sku","quantity":"$.input.quantity"}"""),
            Step("two", """{"amount":"$.input.amount","first":"$.steps.one.output.id"}"""),
            Step("three", """{"order":"$.input.order","second":"$.steps.two.output.id"}"""),
        ],
        Output = Mapping("""{"id":"$.steps.three.output.id"}"""),
    };

    private static StepDefinition Step(string name, string input) => new()
    {
        Name = name,
        Participant = "p",
        Action = name,
        Kind = StepKind.Compensatable,
        DoPath = $"/saga/{name}/do",
        ConfirmPath = $"/saga/{name}/confirm",
        UndoPath = $"/saga/{name}/undo",
        Input = Mapping(input),
        Retry = RetryPolicy.Default,
    };

    private static InputMapping Mapping(string json) => InputMapping.Compile(JsonData.FromText(json)).Mapping!;
}
