using Orchestrator.Contract;

namespace Orchestrator.Core.History;

/// <summary>Why there is no HTTP answer.</summary>
public enum Silence
{
    /// <summary>There is one.</summary>
    None,

    /// <summary>It did not come within the timeout; the participant may still be at work.</summary>
    TimedOut,

    /// <summary>The connection could not be made or broke; the participant may still be at work.</summary>
    Broken,
}

/// <summary>
/// What a participant said to a call, or that it said nothing: the fact as it is recorded. What it means for the
/// command and the step kind is <see cref="Deciding.AnswerRules" />'s to say. Immutable.
/// </summary>
public sealed record Answer
{
    /// <summary>HTTP status; 0 when no answer came.</summary>
    public required int Status { get; init; }

    /// <summary>Why none came.</summary>
    public Silence Silence { get; init; }

    /// <summary><c>code</c> of a problem body.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// The participant's own words, or what went wrong with the connection; cut to a limit by the caller.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>
    /// Body of a 2xx answer to a <c>do</c>: JSON, null when it was empty or <see cref="Unreadable" />.
    /// </summary>
    public JsonData? Output { get; init; }

    /// <summary>True when a 2xx answer to a <c>do</c> had a body that is not JSON or too large.</summary>
    public bool Unreadable { get; init; }

    /// <summary><c>Location</c> of a 202.</summary>
    public string? Location { get; init; }

    /// <summary>Header <c>Saga-State</c>, when the participant sends it.</summary>
    public string? LedgerState { get; init; }

    /// <summary>Header <c>Saga-Ledger</c>, when the participant sends it.</summary>
    public string? Ledger { get; init; }
}
