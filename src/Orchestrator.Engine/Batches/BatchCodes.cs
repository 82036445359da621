using Orchestrator.Core.Deciding;

namespace Orchestrator.Engine.Batches;

/// <summary>Why sagas of a batch are refused, for programs and in words about many.</summary>
public static class BatchCodes
{
    /// <summary>There is no such saga.</summary>
    public const string NotFound = "not-found";

    /// <summary>Who asks may not use the verb on it.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The deadline that is wanted cannot be that of its definition.</summary>
    public const string Deadline = "deadline";

    /// <summary>It could not be brought about.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The code in words, about all the sagas it is said of.</summary>
    public static string TextOf(string code) => code switch
    {
        NotFound => "There are no sagas of these ids any more.",
        Forbidden => "You have not the role for sagas of their definitions.",
        Deadline => "The deadline is not within what their definition allows.",
        VerbCodes.Finished => "They have ended: nothing can change them.",
        VerbCodes.PastThePointOfNoReturn => "They are past the point of no return and can only go forward.",
        VerbCodes.NotInThisPhase => "The phase they are in does not allow it.",
        VerbCodes.NotExtended => "Their deadline cannot be moved there.",
        VerbCodes.NothingToResend => "No call of that step waits for an answer.",
        VerbCodes.AlreadyAnswered => "That step has an answer already.",
        VerbCodes.NotSent => "That step was not sent yet.",
        VerbCodes.NothingToResolve => "Nothing of that step is open.",
        VerbCodes.AskTheLedger => "The participant's ledger has to tell what became of that step.",
        VerbCodes.NoLedger => "The participant has no ledger that could keep that step from running later.",
        VerbCodes.NoSuchStep => "They have no step of that name.",
        VerbCodes.StillRunning => "They have not ended.",
        VerbCodes.Unverified => "They have ended on a person's word, and an undo is not acknowledged.",
        VerbCodes.NeedsForce => "They were completed; run again, their work is done twice. \"force\" does so.",
        VerbCodes.AlreadyRerun => "They were run again before.",
        _ => "They do not allow it.",
    };
}
