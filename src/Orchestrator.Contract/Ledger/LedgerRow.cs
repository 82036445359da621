namespace Orchestrator.Contract.Ledger;

/// <summary>One row of a participant's ledger: what it knows of one step of one saga. Immutable.</summary>
public sealed record LedgerRow
{
    /// <summary>The saga, first half of the key.</summary>
    public required string SagaId { get; init; }

    /// <summary>The step with its <c>~2</c>, second half of the key.</summary>
    public required string Step { get; init; }

    /// <summary>What was asked for; the step's handlers are found by it.</summary>
    public required string Action { get; init; }

    /// <summary>Which row of the table its commands follow.</summary>
    public required WireKind Kind { get; init; }

    /// <summary>Where it stands; never <see cref="LedgerState.None" />.</summary>
    public required LedgerState State { get; init; }

    /// <summary>The armed expiry, in milliseconds. Null for a pivot, a retriable and what an undo barred.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the action received. Null when the action never ran.</summary>
    public JsonData? Data { get; init; }

    /// <summary>Digest of what a <c>do</c> brought; null when no <c>do</c> ever came.</summary>
    public string? Digest { get; init; }

    /// <summary>What the action answered. Null until then and when it refused.</summary>
    public JsonData? Output { get; init; }

    /// <summary>In a final state: the code that answers a <c>do</c>. Else null.</summary>
    public string? Code { get; init; }

    /// <summary>In a final state: the text that answers a <c>do</c>. Else null.</summary>
    public string? Text { get; init; }

    /// <summary>How often the undo was tried, the successful try included.</summary>
    public int Attempts { get; init; }

    /// <summary>After a failed undo: not before this instant does the watcher try again.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>The undo has failed so often that a person should look.</summary>
    public bool NeedsAttention { get; init; }

    /// <summary>Event id of the last extend that was accepted, so that its duplicate is answered alike.</summary>
    public string? ExtendedBy { get; init; }

    /// <summary>
    /// W3C trace context of the command that made the row, so that an undo by the participant's own clock is found in
    /// the saga's trace; null when it came in none.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>When the participant heard that the saga has ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended: <c>completed</c> or <c>compensated</c>.</summary>
    public string? EndedAs { get; init; }

    /// <summary>When the row was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>True when no command changes the state any more.</summary>
    public bool IsFinal => State is LedgerState.Undone or LedgerState.Refused or LedgerState.Barred;

    /// <summary>True for a confirmed step of a saga that ended so that nobody may undo it any more.</summary>
    /// <remarks>A saga may end compensated while a participant still owes an undo: that row stays open.</remarks>
    public bool IsKept => State == LedgerState.Confirmed && EndedAt is not null
        && (Kind != WireKind.Compensatable || EndedAs == WireWords.Completed);

    /// <summary>When the watcher should undo it; null when it should not.</summary>
    public DateTimeOffset? DueAt =>
        State != LedgerState.Held ? null : NextTryAt > ExpiresAt ? NextTryAt : ExpiresAt;

    /// <summary>
    /// The last change of a row that nothing can change any more, from which retention counts; else null. Until the
    /// saga's end is heard somebody may still ask for what a final row answers.
    /// </summary>
    public DateTimeOffset? SettledAt => EndedAt is not null && (IsFinal || IsKept) ? UpdatedAt : null;
}
