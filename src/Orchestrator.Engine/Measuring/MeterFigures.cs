using Orchestrator.Core.History;

namespace Orchestrator.Engine.Measuring;

/// <summary>What the engine has measured since it started, and how its live sagas are now.</summary>
/// <param name="Definitions">Starts and ends by definition.</param>
/// <param name="Answers">Answers by participant, command and kind; only what has come.</param>
/// <param name="Calls">How long calls took, by participant.</param>
/// <param name="Sagas">How long sagas took, by outcome.</param>
/// <param name="Commits">How long transactions took.</param>
/// <param name="Rows">Rows of a transaction.</param>
/// <param name="Turns">How long turns took.</param>
/// <param name="Live">The live sagas.</param>
public sealed record MeterFigures(
    IReadOnlyList<DefinitionFigures> Definitions,
    IReadOnlyList<AnswerFigures> Answers,
    IReadOnlyList<(string Participant, HistogramFigures Took)> Calls,
    IReadOnlyList<(SagaOutcome Outcome, HistogramFigures Took)> Sagas,
    HistogramFigures Commits,
    HistogramFigures Rows,
    HistogramFigures Turns,
    LiveFigures Live);

/// <summary>Starts and ends of one definition's sagas.</summary>
/// <param name="Definition">Its name.</param>
/// <param name="Started">Sagas started.</param>
/// <param name="Completed">Sagas completed.</param>
/// <param name="Compensated">Sagas compensated.</param>
public sealed record DefinitionFigures(string Definition, long Started, long Completed, long Compensated);

/// <summary>Answers of one kind.</summary>
/// <param name="Participant">Whose.</param>
/// <param name="Command">The word of the command they answered.</param>
/// <param name="Answer">Their kind.</param>
/// <param name="Count">How many.</param>
public sealed record AnswerFigures(string Participant, string Command, string Answer, long Count);

/// <summary>The sagas that have not ended, as this engine has them.</summary>
/// <param name="Phases">How many are in each phase, every phase once.</param>
/// <param name="Suspended">How many an operator holds.</param>
/// <param name="Overdue">How many are past their expiry and not past the point of no return.</param>
/// <param name="OldestOverdueAge">For how long the oldest of them is; zero when there is none.</param>
/// <param name="OldestStuckAge">Age of the oldest stuck saga, from its start; zero when there is none.</param>
public sealed record LiveFigures(
    IReadOnlyList<(SagaPhase Phase, long Count)> Phases,
    long Suspended,
    long Overdue,
    TimeSpan OldestOverdueAge,
    TimeSpan OldestStuckAge);
