namespace Orchestrator.Contract.Ledger;

/// <summary>One command of the orchestrator, read and checked. Immutable.</summary>
public sealed record LedgerCommand
{
    /// <summary>What is asked.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>Id of the event, the same for every attempt.</summary>
    public required string EventId { get; init; }

    /// <summary>The saga, first half of the ledger key.</summary>
    public required string SagaId { get; init; }

    /// <summary>The step, second half of the ledger key.</summary>
    public required string Step { get; init; }

    /// <summary>What to do there.</summary>
    public required string Action { get; init; }

    /// <summary>Which row of the ledger table it follows.</summary>
    public required WireKind StepKind { get; init; }

    /// <summary>When this attempt was sent, by the orchestrator's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>
    /// The armed expiry: the earlier of <c>expirytime</c> and receipt + <c>sagaremaining</c>, in milliseconds. Never
    /// null for a compensatable <c>do</c> and for an extend; null for pivot and retriable.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>1, 2, 3 ...</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// W3C trace context the command belongs to; null when it came in none that can be read, which is no error.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>What a <c>do</c> brings; null for the other commands.</summary>
    public JsonData? Data { get; private init; }

    /// <summary>Digest of <see cref="Data" />; null with it.</summary>
    public string? Digest { get; private init; }

    /// <summary>The same command with its data, which the caller has checked to be one JSON value.</summary>
    public LedgerCommand WithData(JsonData data) => this with { Data = data, Digest = DataDigest.Of(data) };
}
