using Orchestrator.Contract;

namespace Orchestrator.Core.Deciding;

/// <summary>What an answer means for the command it answers. A closed union, immutable.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Success. <paramref name="Warning" /> says what was odd about it.</summary>
    public sealed record Done(JsonData Output, string? Warning) : Verdict;

    /// <summary>
    /// An undo found a pivot or retriable that is done and stays so. <paramref name="Warning" /> says what was odd.
    /// </summary>
    public sealed record StillDone(JsonData Output, string? Warning) : Verdict;

    /// <summary>The business said no.</summary>
    public sealed record Refused(string Text) : Verdict;

    /// <summary>
    /// It failed for good. <paramref name="ReasonCode" /> is one of <see cref="History.ReasonCodes" />;
    /// <paramref name="Gone" /> when the participant said 410: nothing is held there.
    /// </summary>
    public sealed record Failed(string ReasonCode, string Text, bool Gone) : Verdict;

    /// <summary>
    /// It goes on; ask after it at <paramref name="Location" />, null for where this was asked.
    /// </summary>
    public sealed record InProgress(string? Location) : Verdict;

    /// <summary>
    /// No answer: send again. <paramref name="MayStillRun" /> when the call ended and what it began may not have;
    /// <paramref name="ForgetLocation" /> when the operation asked after is unknown there.
    /// </summary>
    public sealed record Unknown(string Text, bool MayStillRun, bool ForgetLocation) : Verdict;
}
