using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>
/// One fact of a saga's history. The set is closed: what the world told us (<see cref="SagaStarted" />,
/// <see cref="CallAnswered" />, <see cref="TimerPassed" />, the verbs) and what was decided (<see cref="CallSent" />,
/// <see cref="TimerSet" />, <see cref="SagaEnded" />). Immutable.
/// </summary>
public abstract record SagaEvent
{
    private protected SagaEvent()
    {
    }

    /// <summary>The instant it was recorded, whole milliseconds, never before the event before it.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>The first event of every saga.</summary>
public sealed record SagaStarted : SagaEvent
{
    /// <summary>The saga's id.</summary>
    public required string SagaId { get; init; }

    /// <summary>Name of its definition.</summary>
    public required string Definition { get; init; }

    /// <summary>Version it stays on.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>What it was started with.</summary>
    public required JsonData Input { get; init; }

    /// <summary>When it must have ended; stamped on every message.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The caller's own key, for search.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The caller's own attributes, for search.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>W3C trace context of the start.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Id of the ended saga this one runs again; null for one that was started by itself.</summary>
    public string? RerunOf { get; init; }
}

/// <summary>Decided: a command goes to a participant, or an operation that is in progress is asked after.</summary>
public sealed record CallSent : SagaEvent
{
    /// <summary>The ledger key <c>sagastep</c>: the step's name, or <c>name~2</c> and so on.</summary>
    public required string Step { get; init; }

    /// <summary>The command.</summary>
    public required CommandKind Command { get; init; }

    /// <summary>1, 2, 3 ... of this command; asking after it does not count.</summary>
    public required int Attempt { get; init; }

    /// <summary>The data of the first <c>do</c>; null on all other calls, which send the same bytes.</summary>
    public JsonData? Data { get; init; }

    /// <summary>Where to ask (GET) after an answer 202; null when the command itself is sent.</summary>
    public string? AskAt { get; init; }

    /// <summary>
    /// The expiry it carries, once that is not the one the saga started with; null before.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Which extension an extend belongs to, from 1; 0 on all other commands.</summary>
    public int Extension { get; init; }
}

/// <summary>A participant answered, or is known not to have.</summary>
public sealed record CallAnswered : SagaEvent
{
    /// <summary>The ledger key of the command it answers.</summary>
    public required string Step { get; init; }

    /// <summary>The command it answers.</summary>
    public required CommandKind Command { get; init; }

    /// <summary>The attempt it answers.</summary>
    public required int Attempt { get; init; }

    /// <summary>What was said.</summary>
    public required Answer Answer { get; init; }

    /// <summary>Which extension the extend it answers belongs to; 0 on all other commands.</summary>
    public int Extension { get; init; }

    /// <summary>
    /// What an operator had put in the place of the step's retry policy when it was answered; null for nothing. It is
    /// part of the fact, so that whoever folds it later waits for as long as was waited then.
    /// </summary>
    public RetryOverride? Retry { get; init; }
}

/// <summary>Decided: the saga becomes due at an instant.</summary>
public sealed record TimerSet : SagaEvent
{
    /// <summary>Name, unique within the saga; see <see cref="TimerNames" />.</summary>
    public required string Timer { get; init; }

    /// <summary>The instant.</summary>
    public required DateTimeOffset DueAt { get; init; }
}

/// <summary>The instant of a timer has come.</summary>
public sealed record TimerPassed : SagaEvent
{
    /// <summary>The timer's name.</summary>
    public required string Timer { get; init; }
}

/// <summary>
/// Stands in a compacted history for the tries of a call before its last one; see
/// <see cref="Deciding.HistoryCompaction" />. Never stored.
/// </summary>
public sealed record TriesCounted : SagaEvent
{
    /// <summary>The ledger key of the call.</summary>
    public required string Step { get; init; }

    /// <summary>The command.</summary>
    public required CommandKind Command { get; init; }

    /// <summary>What was counted.</summary>
    public required CallTally Tally { get; init; }

    /// <summary>When the step's <c>do</c> was first sent; null when it never was.</summary>
    public DateTimeOffset? FirstSentAt { get; init; }

    /// <summary>See <see cref="StepState.MayStillRun" />.</summary>
    public bool MayStillRun { get; init; }

    /// <summary>See <see cref="StepState.UndoAcknowledged" />.</summary>
    public int UndosAcknowledged { get; init; }

    /// <summary>See <see cref="StepState.UndosBefore" />.</summary>
    public int UndosBefore { get; init; }

    /// <summary>See <see cref="StepState.LedgerLost" />.</summary>
    public string? LedgerLost { get; init; }

    /// <summary>See <see cref="StepState.HasLedger" />.</summary>
    public bool HasLedger { get; init; }

    /// <summary>See <see cref="StepState.HasAnsweredWithoutLedger" />.</summary>
    public bool HasAnsweredWithoutLedger { get; init; }
}

/// <summary>Decided: the saga has ended. Nothing follows that changes it.</summary>
public sealed record SagaEnded : SagaEvent
{
    /// <summary>How.</summary>
    public required SagaOutcome Outcome { get; init; }

    /// <summary>The definition's output mapping, for a completed saga.</summary>
    public JsonData? Output { get; init; }

    /// <summary>
    /// Set when a query of the output mapping was not filled in and is null in <see cref="Output" />.
    /// </summary>
    public string? Warning { get; init; }
}
