namespace Orchestrator.Core.History;

/// <summary>Why a saga went back, or what holds it. Immutable.</summary>
/// <param name="Code">One of <see cref="ReasonCodes" />.</param>
/// <param name="Text">A sentence that names the step and carries the participant's or the operator's own words.</param>
/// <param name="Actor">Who: a participant's name, an operator, or <c>orchestrator</c>.</param>
public sealed record SagaReason(string Code, string Text, string Actor);

/// <summary>Values of <see cref="SagaReason.Code" />. Source: docs/api.md.</summary>
public static class ReasonCodes
{
    /// <summary>A participant's business said no.</summary>
    public const string Refused = "refused";

    /// <summary>A participant had undone its work at its own expiry.</summary>
    public const string Expired = "expired";

    /// <summary>The saga's expiry passed.</summary>
    public const string Deadline = "deadline";

    /// <summary>All was done, too close to the expiry to start confirming.</summary>
    public const string Guard = "guard";

    /// <summary>An operator cancelled it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Somebody ended the engine's own instance of it from outside.</summary>
    public const string Terminated = "terminated";

    /// <summary>A step failed for good, or its input could not be mapped.</summary>
    public const string Failed = "failed";

    /// <summary>A person said that the pivot never ran.</summary>
    public const string Resolved = "resolved";

    /// <summary>An undo was acknowledged by a ledger that does not hold the step.</summary>
    public const string LedgerLost = "ledger-lost";
}
