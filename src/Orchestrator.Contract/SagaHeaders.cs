namespace Orchestrator.Contract;

/// <summary>
/// Header names of a command in the CloudEvents HTTP binary mode, and of its answer. Source: docs/protocol.md section 5
/// and the CloudEvents 1.0 HTTP protocol binding.
/// </summary>
public static class SagaHeaders
{
    /// <summary>Prefix of every CloudEvents attribute in binary mode.</summary>
    public const string Prefix = "ce-";

    /// <summary>Always <c>1.0</c>.</summary>
    public const string SpecVersion = "ce-specversion";

    /// <summary>One of <see cref="SagaEventTypes" />.</summary>
    public const string Type = "ce-type";

    /// <summary><c>{sagaId}/{sagastep}/{command}</c>: the same for every attempt.</summary>
    public const string Id = "ce-id";

    /// <summary><c>/sagas/{definition}</c>.</summary>
    public const string Source = "ce-source";

    /// <summary>The instant of this attempt, RFC 3339 UTC.</summary>
    public const string Time = "ce-time";

    /// <summary>The saga, first half of the ledger key.</summary>
    public const string SagaId = "ce-sagaid";

    /// <summary>The step, second half of the ledger key.</summary>
    public const string SagaStep = "ce-sagastep";

    /// <summary>What to do there; absent means the step's name.</summary>
    public const string SagaAction = "ce-sagaaction";

    /// <summary>A <see cref="WireKind" /> in lower case; absent means compensatable.</summary>
    public const string SagaKind = "ce-sagakind";

    /// <summary>The expiry, RFC 3339 UTC with milliseconds (CloudEvents <i>expirytime</i> extension).</summary>
    public const string ExpiryTime = "ce-expirytime";

    /// <summary>Milliseconds from sending to the expiry, a whole number. Optional.</summary>
    public const string SagaRemaining = "ce-sagaremaining";

    /// <summary>1, 2, 3 ...</summary>
    public const string SagaAttempt = "ce-sagaattempt";

    /// <summary>W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>In an answer: the state of the ledger row, a <see cref="Ledger.LedgerState" /> in lower case.</summary>
    public const string SagaState = "Saga-State";

    /// <summary>In an answer: the UUID stored in the ledger's database.</summary>
    public const string SagaLedger = "Saga-Ledger";
}
