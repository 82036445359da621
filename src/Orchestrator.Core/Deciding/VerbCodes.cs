namespace Orchestrator.Core.Deciding;

/// <summary>
/// Why a verb is not allowed: values of <see cref="VerbRuling.NotAllowed" />'s code. Source: docs/api.md.
/// </summary>
public static class VerbCodes
{
    /// <summary>The saga has ended.</summary>
    public const string Finished = "finished";

    /// <summary>The pivot was sent, or everybody has confirmed: only forward.</summary>
    public const string PastThePointOfNoReturn = "past-the-point-of-no-return";

    /// <summary>The phase does not allow it.</summary>
    public const string NotInThisPhase = "not-in-this-phase";

    /// <summary>The deadline stays where it is.</summary>
    public const string NotExtended = "not-extended";

    /// <summary>No call of the step waits.</summary>
    public const string NothingToResend = "nothing-to-resend";

    /// <summary>The step has an answer.</summary>
    public const string AlreadyAnswered = "already-answered";

    /// <summary>The step was not sent.</summary>
    public const string NotSent = "not-sent";

    /// <summary>Nothing of the step is open.</summary>
    public const string NothingToResolve = "nothing-to-resolve";

    /// <summary>The participant may have a ledger, and that has to tell whether a pivot is done.</summary>
    public const string AskTheLedger = "ask-the-ledger";

    /// <summary>The participant has no ledger that could bar a pivot.</summary>
    public const string NoLedger = "no-ledger";

    /// <summary>There is no step of that name.</summary>
    public const string NoSuchStep = "no-such-step";

    /// <summary>The saga has not ended.</summary>
    public const string StillRunning = "still-running";

    /// <summary>An undo that a person has resolved is not acknowledged.</summary>
    public const string Unverified = "unverified";

    /// <summary>A completed saga is run again only when that is said expressly.</summary>
    public const string NeedsForce = "needs-force";

    /// <summary>It was run again before, and that saga runs or was completed.</summary>
    public const string AlreadyRerun = "already-rerun";
}
