using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>What is known of one step of one saga: a part of the fold. Immutable.</summary>
public sealed record StepState
{
    /// <summary>The step it is a state of.</summary>
    public required StepDefinition Definition { get; init; }

    /// <summary>The ledger key <c>sagastep</c>.</summary>
    public required string Key { get; init; }

    /// <summary>What the participant is sent, once it is mapped.</summary>
    public JsonData? Data { get; init; }

    /// <summary>The command do.</summary>
    public CallState Do { get; init; } = CallState.NotSent.Instance;

    /// <summary>The command confirm.</summary>
    public CallState Confirm { get; init; } = CallState.NotSent.Instance;

    /// <summary>The command undo.</summary>
    public CallState Undo { get; init; } = CallState.NotSent.Instance;

    /// <summary>The command extend, of the extension <see cref="ExtendNumber" />.</summary>
    public CallState Extend { get; init; } = CallState.NotSent.Instance;

    /// <summary>Which extension <see cref="Extend" /> belongs to; 0 before the first.</summary>
    public int ExtendNumber { get; init; }

    /// <summary>The expiry <see cref="Extend" /> asks for.</summary>
    public DateTimeOffset? ExtendTo { get; init; }

    /// <summary>
    /// The expiry its participant keeps at least: that of the first <c>do</c>, or of the last extend it took.
    /// </summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>
    /// What a person said of a pivot or retriable; it counts once the key that was sent is barred. Null when nobody
    /// did.
    /// </summary>
    public ResolveRequested? Word { get; init; }

    /// <summary>True once a person said that it is undone although nobody has acknowledged that.</summary>
    public bool IsResolved { get; init; }

    /// <summary>
    /// True once an answer to this step showed a participant without a ledger: it said something of its own and named
    /// neither a ledger nor the state of a row.
    /// </summary>
    public bool HasAnsweredWithoutLedger { get; init; }

    /// <summary>True once an answer to this step named a ledger or the state of a row.</summary>
    public bool HasLedger { get; init; }

    /// <summary>The ledger that answered the <c>do</c>, when the participant names it.</summary>
    public string? Ledger { get; init; }

    /// <summary>
    /// True once an attempt of an unarmed step's <c>do</c> ended in a timeout or a broken connection.
    /// </summary>
    public bool MayStillRun { get; init; }

    /// <summary>Undos acknowledged so far; an unarmed step that may still run needs two.</summary>
    public int UndoAcknowledged { get; init; }

    /// <summary>The newest undo when the first was acknowledged; only one sent after it can be the second.</summary>
    public int UndosBefore { get; init; }

    /// <summary>
    /// What a ledger that is not the one that holds the step said to the undo; null when all is well.
    /// </summary>
    public string? LedgerLost { get; init; }

    /// <summary>
    /// Something a person should know although nothing failed, such as a query that was not filled in.
    /// </summary>
    public string? Warning { get; init; }

    /// <summary>When the first <c>do</c> was sent.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was last settled: done, refused, confirmed or undone.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True for a step whose participant keeps the deadline itself.</summary>
    public bool IsArmed => Definition.Kind == StepKind.Compensatable;

    /// <summary>The output of a <c>do</c> that is done; null before.</summary>
    public JsonData? Output => Do is CallState.Answered { Verdict: Verdict.Done done } ? done.Output : null;

    /// <summary>True once the <c>do</c> was answered with success.</summary>
    public bool IsDone => Do is CallState.Answered { Verdict: Verdict.Done };

    /// <summary>True once the confirm was acknowledged.</summary>
    public bool IsConfirmed => Confirm is CallState.Answered { Verdict: Verdict.Done };

    /// <summary>True once every undo it needs was acknowledged.</summary>
    public bool IsUndone => Undo is CallState.Answered;

    /// <summary>
    /// True when an undo is owed: the <c>do</c> was sent, was not refused, and its undo is not acknowledged.
    /// </summary>
    public bool OwesUndo =>
        Do is not CallState.NotSent && Do is not CallState.Answered { Verdict: Verdict.Refused }
        && Undo is not (CallState.Answered or CallState.Abandoned);

    /// <summary>The state of one command.</summary>
    public CallState Of(CommandKind command) => command switch
    {
        CommandKind.Do => Do,
        CommandKind.Confirm => Confirm,
        CommandKind.Undo => Undo,
        CommandKind.Extend => Extend,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };

    /// <summary>The same step with another state of one command.</summary>
    public StepState With(CommandKind command, CallState call) => command switch
    {
        CommandKind.Do => this with { Do = call },
        CommandKind.Confirm => this with { Confirm = call },
        CommandKind.Undo => this with { Undo = call },
        CommandKind.Extend => this with { Extend = call },
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };
}
