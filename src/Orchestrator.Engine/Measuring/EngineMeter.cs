using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Measuring;

/// <summary>
/// Measures what the engine does: kept here for our own page of figures, and told to whoever listens to the meter.
/// Safe for any number of threads; a few atomic additions per call and commit.
/// </summary>
public sealed class EngineMeter
{
    /// <summary>Name of the meter to listen to.</summary>
    public const string MeterName = "Orchestrator";

    private readonly LiveSagas live;
    private readonly TimeProvider time;
    private readonly BoundedNames<Ends> definitions;
    private readonly BoundedNames<ClassCounts> calls;
    private readonly BoundedNames<string> participants;
    private readonly ConcurrentDictionary<(string Participant, CommandKind Command, string Answer), StrongCount>
        answers = new();
    private readonly ClassCounts completed;
    private readonly ClassCounts compensated;
    private readonly ClassCounts commits;
    private readonly ClassCounts rows;
    private readonly ClassCounts turns;

    internal EngineMeter(IMeterFactory meters, LiveSagas live, TimeProvider time)
    {
        this.live = live;
        this.time = time;
        var meter = meters.Create(MeterName);
        var (call, saga) = (Make(meter, MeasureShape.Call), Make(meter, MeasureShape.Saga));
        definitions = new(EngineLimits.MaxMeasuredNames, _ => new Ends());
        participants = new(EngineLimits.MaxMeasuredNames, name => name);
        calls = new(
            EngineLimits.MaxMeasuredNames, name => new(MeasureShape.Call, call, Label("participant", name)));
        completed = new(MeasureShape.Saga, saga, Label("outcome", WireWords.Completed));
        compensated = new(MeasureShape.Saga, saga, Label("outcome", WireWords.Compensated));
        commits = new(MeasureShape.Commit, Make(meter, MeasureShape.Commit));
        rows = new(MeasureShape.Rows, Make(meter, MeasureShape.Rows));
        turns = new(MeasureShape.Turn, Make(meter, MeasureShape.Turn));
    }

    /// <summary>The figures of this moment.</summary>
    public MeterFigures Read() => new(
        [.. definitions.All.Select(pair => pair.Value.Read(pair.Key))],
        [.. answers
            .Select(pair => new AnswerFigures(
                pair.Key.Participant, WireWords.Of(pair.Key.Command), pair.Key.Answer, pair.Value.Read()))
            .OrderBy(answer => answer.Participant, StringComparer.Ordinal)
            .ThenBy(answer => answer.Command, StringComparer.Ordinal)
            .ThenBy(answer => answer.Answer, StringComparer.Ordinal)],
        [.. calls.All.Select(pair => (pair.Key, pair.Value.Read()))],
        [(SagaOutcome.Completed, completed.Read()), (SagaOutcome.Compensated, compensated.Read())],
        commits.Read(),
        rows.Read(),
        turns.Read(),
        LiveSurvey.Take(live, time.GetUtcNow()));

    /// <summary>A saga started.</summary>
    internal void Started(string definition) => definitions.Of(definition).Started();

    /// <summary>A saga ended.</summary>
    internal void Ended(Ended saga)
    {
        var isCompleted = saga.End.Outcome == SagaOutcome.Completed;
        definitions.Of(saga.Start.Definition).Ended(isCompleted);
        (isCompleted ? completed : compensated).Note((saga.End.At - saga.Start.At).TotalSeconds);
    }

    /// <summary>A transaction was written.</summary>
    internal void Committed(int count, TimeSpan took)
    {
        commits.Note(took.TotalSeconds);
        rows.Note(count);
    }

    /// <summary>So many turns were taken together.</summary>
    internal void TookTurns(int count, TimeSpan took)
    {
        if (count > 0) turns.Note(Math.Max(0, took.TotalSeconds), count);
    }

    /// <summary>A call ended.</summary>
    internal void Called(ParticipantCall call, Answer answer, TimeSpan took)
    {
        calls.Of(call.Participant).Note(took.TotalSeconds);
        var key = (participants.Of(call.Participant), call.Command, AnswerWords.Of(answer));
        answers.GetOrAdd(key, static _ => new StrongCount()).Add();
    }

    private static Histogram<double> Make(Meter meter, MeasureShape shape) => meter.CreateHistogram(
        shape.Name, shape.Unit, shape.Help, tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = shape.Bounds });

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private sealed class StrongCount
    {
        private long count;

        public void Add() => Interlocked.Increment(ref count);

        public long Read() => Interlocked.Read(ref count);
    }

    private sealed class Ends
    {
        private long started;
        private long completed;
        private long compensated;

        public void Started() => Interlocked.Increment(ref started);

        public void Ended(bool isCompleted) => Interlocked.Increment(ref isCompleted ? ref completed : ref compensated);

        public DefinitionFigures Read(string definition) => new(
            definition, Interlocked.Read(ref started), Interlocked.Read(ref completed),
            Interlocked.Read(ref compensated));
    }
}
